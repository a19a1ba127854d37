"""Answers of OCSP services (RFC 6960): what the issuer says about one certificate at this very moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from . import algorithms, der, hashes, oids
from . import der_writer as w
from .certificate import Certificate, Name
from .errors import NoCertificate, NotForSigning, Revoked, SignatureError, Unreadable, Untrusted
from .trust import TrustList, must_be_valid

# An answer carries the certificate of its service, perhaps with those above; more are there only to cost time.
_MOST_CARRIED = 8


@dataclass(frozen=True)
class CertificateIdentifier:
    """How OCSP names a certificate: digests of the issuer's name and key, and the serial number."""

    algorithm: str
    name_digest: bytes
    key_digest: bytes
    serial_number: int

    def fits(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Whether this certificate is meant."""
        if certificate.serial_number != self.serial_number:
            return False
        sbox = issuer.public_key.sbox
        name_digest = hashes.digest(self.algorithm, issuer.subject.raw, sbox)
        key_digest = hashes.digest(self.algorithm, issuer.public_bits, sbox)
        return (name_digest, key_digest) == (self.name_digest, self.key_digest)


@dataclass(frozen=True)
class Status:
    """One statement. `revoked_since` is None for a good certificate; `is_known` is False for an unknown one."""

    identifier: CertificateIdentifier
    is_known: bool
    revoked_since: datetime | None
    reason: int | None
    this_update: datetime
    next_update: datetime | None


@dataclass(frozen=True)
class OcspAnswer:
    """A parsed successful answer."""

    # BasicOCSPResponse as received: what long-term signatures carry.
    basic: bytes
    produced_at: datetime
    statuses: tuple[Status, ...]
    certificates: tuple[Certificate, ...]
    responder_name: Name | None
    responder_key: bytes | None
    signature_algorithm: str
    signature_digest: str | None
    signed: bytes
    signature: bytes

    @staticmethod
    def parse(data: bytes) -> "OcspAnswer":
        """OCSPResponse in DER; `Unreadable` also when the service answered with an error."""
        outer = der.read(data).fields()
        if outer.take(der.ENUMERATED).content != b"\0":
            raise Unreadable("the OCSP service refused to answer")
        wrapper = outer.take(0xA0).only().fields()
        if wrapper.take().oid() != oids.OCSP_BASIC:
            raise Unreadable("an OCSP answer of another type")
        return OcspAnswer.parse_basic(wrapper.take(der.OCTET_STRING).octets())

    @staticmethod
    def parse_basic(data: bytes) -> "OcspAnswer":
        """BasicOCSPResponse, the part of an answer that is signed."""
        basic = der.read(data).fields()
        body = basic.take(der.SEQUENCE)
        algorithm, digest = algorithms.read_signature(basic.take())
        signature = basic.take(der.BIT_STRING).whole_bits()
        carried = basic.take_context(0)
        fields = body.fields()
        fields.take_context(0)
        name, key = _responder(fields.take())
        return OcspAnswer(
            basic=data,
            produced_at=fields.take().time(),
            statuses=tuple(_status(node) for node in fields.take(der.SEQUENCE).children),
            certificates=() if carried is None else tuple(map(Certificate, carried.only().children)),
            responder_name=name,
            responder_key=key,
            signature_algorithm=algorithm,
            signature_digest=digest,
            signed=body.raw,
            signature=signature,
        )

    @property
    def forms(self) -> tuple[bytes, ...]:
        """What references in long-term signatures may be the digest of: the signed part, or the whole answer."""
        response = w.sequence(w.oid(oids.OCSP_BASIC), w.octet_string(self.basic))
        return self.basic, w.sequence(w.enumerated(0), w.explicit(0, response))

    def responder(self, issuer: Certificate, trust: TrustList) -> Certificate:
        """The certificate of the service that signed: the issuer itself or one it appointed.

        `NoCertificate` when nobody of that name is known, `WrongSignature` when none of them signed.
        """
        return self._signer((*trust.certificates, issuer))

    def must_be_intact(self, known: Iterable[Certificate]) -> None:
        """The same whoever it is: `WrongSignature` when none of that name signed."""
        self._signer(known)

    def _signer(self, known: Iterable[Certificate]) -> Certificate:
        fault: SignatureError = NoCertificate("the certificate of the OCSP service is unknown")
        for candidate in dict.fromkeys((*self.certificates[:_MOST_CARRIED], *known)):
            if self._is_named(candidate):
                try:
                    candidate.public_key.verify(
                        self.signature_algorithm, self.signature_digest, self.signed, self.signature
                    )
                    return candidate
                except SignatureError as error:
                    # Centres keep the name when they change the key: another certificate may be the right one.
                    fault = error
        raise fault

    def _is_named(self, certificate: Certificate) -> bool:
        by_name = self.responder_name is not None and certificate.subject.attributes == self.responder_name.attributes
        return by_name or (self.responder_key is not None and self.responder_key in _key_hashes(certificate))

    def must_be_from(self, issuer: Certificate, trust: TrustList, extra: Iterable[Certificate] = ()) -> None:
        """Raise unless a service appointed by `issuer`, valid when it spoke, signed the answer.

        `extra` are certificates that came with the document: they may stand in the chain but are not believed.
        """
        responder = self.responder(issuer, trust)
        chain = trust.chain(responder, (*self.certificates, *extra), at=self.produced_at)
        if responder != issuer:
            if oids.OCSP_SIGNING not in responder.extended_key_usage:
                raise NotForSigning("not an OCSP service")
            if issuer not in chain[1:2]:
                raise Untrusted("the OCSP service was appointed by another authority")
        must_be_valid(chain, self.produced_at)

    def must_confirm(self, certificate: Certificate, issuer: Certificate, *, at: datetime) -> None:
        """`Revoked` when the certificate is; `NoCertificate` when the answer does not know it or is not of `at`.

        Says nothing about who gave the answer: see `must_be_from`.
        """
        for status in self.statuses:
            is_current = status.this_update <= at and (status.next_update is None or at <= status.next_update)
            if is_current and status.is_known and status.identifier.fits(certificate, issuer):
                if status.revoked_since is not None and status.revoked_since <= at:
                    raise Revoked(f"since {status.revoked_since:%Y-%m-%d}")
                return
        raise NoCertificate("the OCSP answer does not speak of this certificate at this moment")


def _key_hashes(certificate: Certificate) -> tuple[bytes | None, bytes]:
    """What stands in ResponderID byKey: SHA-1 by the standard, Ukrainian services put their own key identifier."""
    return certificate.key_identifier, hashes.digest(oids.SHA1, certificate.public_bits)


def _responder(node: der.Node) -> tuple[Name | None, bytes | None]:
    if node.context == 1:
        return Name.read(node.only()), None
    if node.context == 2:
        return None, node.unwrap(der.OCTET_STRING).octets()
    raise Unreadable("an OCSP answer of nobody")


def _status(node: der.Node) -> Status:
    fields = node.fields()
    identifier = read_identifier(fields.take())
    status = fields.take()
    revoked_since, reason = _revoked(status) if status.context == 1 else (None, None)
    this_update = fields.take().time()
    following = fields.take_context(0)
    next_update = None if following is None else following.unwrap(der.GENERALIZED_TIME).time()
    return Status(identifier, status.context in (0, 1), revoked_since, reason, this_update, next_update)


def _revoked(node: der.Node) -> tuple[datetime, int | None]:
    """RevokedInfo: since when, and why if the service says so."""
    fields = node.fields(node.tag)
    since = fields.take().time()
    reason = fields.take_context(0)
    return since, None if reason is None else reason.unwrap(der.ENUMERATED).integer()


def read_identifier(node: der.Node) -> CertificateIdentifier:
    """CertID."""
    fields = node.fields()
    algorithm = algorithms.read_identifier(fields.take())[0]
    name_digest = fields.take(der.OCTET_STRING).octets()
    key_digest = fields.take(der.OCTET_STRING).octets()
    return CertificateIdentifier(algorithm, name_digest, key_digest, fields.take(der.INTEGER).integer())
