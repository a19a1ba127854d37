"""The other services of the small trust centre: timestamps and OCSP."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from esoz.signature import (
    Authority,
    Certificate,
    Issued,
    KeyUsage,
    Revocation,
    Unreadable,
    algorithms,
    der,
    hashes,
    oids,
    sign,
    with_signature_timestamps,
)
from esoz.signature import der_writer as w
from esoz.signature.authority import Profile, service_name, signed
from esoz.signature.ocsp import read_identifier
from esoz.signature.signing import signed_attributes, signed_data, signer_info

_SERVICE_DAYS = 5 * 365
_SIGNING = frozenset({KeyUsage.DIGITAL_SIGNATURE})
_REJECTED = 2
_MALFORMED = 1


def appoint(authority: Authority, purpose: str, common_name: str, *, at: datetime) -> Issued:
    """A service of the centre with its certificate, valid from `at`; `purpose` is the extended key usage."""
    organization = authority.issuing.certificate.subject.get(oids.ORGANIZATION) or common_name
    profile = Profile(_SIGNING, (purpose,))
    validity = (at, at + timedelta(days=_SERVICE_DAYS))
    return authority.certify(service_name(organization, common_name), profile, validity=validity)


@dataclass(frozen=True)
class TimestampService:
    """Says when it saw a digest (RFC 3161)."""

    authority: Authority
    service: Issued

    @staticmethod
    def create(authority: Authority, *, at: datetime) -> "TimestampService":
        """A new service of the centre."""
        return TimestampService(authority, appoint(authority, oids.TIME_STAMPING, "TSP-сервер", at=at))

    def stamp(self, message: bytes, *, at: datetime) -> bytes:
        """A token over a message."""
        digest = self.authority.digest
        imprint = w.sequence(
            algorithms.identifier(digest), w.octet_string(hashes.digest(digest, message, self.service.key.public.sbox))
        )
        return self._token(imprint, at, b"")

    def answer(self, request: bytes, *, at: datetime) -> bytes:
        """TimeStampResp to TimeStampReq; an unreadable request is answered with a rejection."""
        try:
            fields = der.read(request).fields()
            fields.take(der.INTEGER)
            imprint = fields.take(der.SEQUENCE).raw
            fields.take_if(der.OID)
            nonce = fields.take_if(der.INTEGER)
        except Unreadable:
            return w.sequence(w.sequence(w.integer(_REJECTED)))
        return w.sequence(w.sequence(w.integer(0)), self._token(imprint, at, b"" if nonce is None else nonce.raw))

    def _token(self, imprint: bytes, at: datetime, nonce: bytes) -> bytes:
        key, certificate, digest = self.service.key, self.service.certificate, self.authority.digest
        serial = int.from_bytes(hashes.digest(oids.SHA256, imprint + str(at.timestamp()).encode())[:8], "big")
        info = w.sequence(
            w.integer(1), w.oid(oids.TIMESTAMP_POLICY), imprint, w.integer(serial), w.generalized_time(at), nonce
        )
        attributes = signed_attributes(info, key, certificate, at=at, digest=digest, kind=oids.TST_INFO)
        signer = signer_info(key, certificate, attributes, digest)
        return signed_data(oids.TST_INFO, info, [certificate], [signer], digest)


def with_timestamps(content: bytes, issued: Issued, service: TimestampService, *, at: datetime) -> bytes:
    """CAdES-T with a timestamp over the content and one over the signature."""
    signature = sign(content, issued.key, issued.certificate, at=at, content_timestamp=service.stamp(content, at=at))
    return with_signature_timestamps(signature, lambda message: service.stamp(message, at=at))


@dataclass(frozen=True)
class OcspService:
    """Says whether certificates of the centre are good."""

    authority: Authority
    service: Issued

    @staticmethod
    def create(authority: Authority, *, at: datetime) -> "OcspService":
        """A new service of the centre."""
        return OcspService(authority, appoint(authority, oids.OCSP_SIGNING, "OCSP-сервер", at=at))

    def state(self, certificates: Iterable[Certificate], revoked: Mapping[int, Revocation], *, at: datetime) -> bytes:
        """OCSPResponse about certificates of the centre; `revoked` holds serial numbers."""
        issuer, digest = self.authority.issuing.certificate, self.authority.digest
        sbox = self.authority.issuing.key.public.sbox
        name = w.octet_string(hashes.digest(digest, issuer.subject.raw, sbox))
        key = w.octet_string(hashes.digest(digest, issuer.public_bits, sbox))
        named = [
            (w.sequence(algorithms.identifier(digest), name, key, w.integer(serial)), revoked.get(serial))
            for serial in (certificate.serial_number for certificate in certificates)
        ]
        return self._response(named, at)

    def answer(
        self, request: bytes, revoked: Mapping[int, Revocation], *, at: datetime, is_known: bool = True
    ) -> bytes:
        """OCSPResponse to OCSPRequest; an unreadable request is answered with "malformed request"."""
        try:
            named = [(node.raw, revoked.get(read_identifier(node).serial_number)) for node in _requested(request)]
        except Unreadable:
            return w.sequence(w.enumerated(_MALFORMED))
        return self._response(named, at, is_known=is_known)

    def _response(
        self, named: Iterable[tuple[bytes, Revocation | None]], at: datetime, *, is_known: bool = True
    ) -> bytes:
        moment = w.generalized_time(at)
        statuses = [
            w.sequence(identifier, _ocsp_status(revocation) if is_known else w.implicit(2, b""), moment)
            for identifier, revocation in named
        ]
        responder = w.explicit(1, self.service.certificate.subject.raw)
        body = w.sequence(responder, moment, w.sequence(*statuses))
        carried = w.explicit(0, w.sequence(self.service.certificate.der))
        basic = signed(body, self.service.key, self.authority.digest, carried)
        response = w.sequence(w.oid(oids.OCSP_BASIC), w.octet_string(basic))
        return w.sequence(w.enumerated(0), w.explicit(0, response))


def _requested(request: bytes) -> list[der.Node]:
    """The CertID of every question in OCSPRequest (its signature, if any, means nothing to us)."""
    fields = der.read(request).fields().take(der.SEQUENCE).fields()
    fields.take_context(0)
    fields.take_context(1)
    return [question.fields().take() for question in fields.take(der.SEQUENCE).children]


def _ocsp_status(revocation: Revocation | None) -> bytes:
    return w.implicit(0, b"") if revocation is None else w.explicit(1, w.generalized_time(revocation.since))
