"""Timestamps of RFC 3161 inside a signature: a trusted service says when the signature or the document existed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from . import algorithms, archive, cms, der, hashes, oids
from .certificate import Certificate
from .errors import (
    NoCertificate,
    NotForSigning,
    SignatureError,
    Unreadable,
    Unsupported,
    Untrusted,
    WrongContent,
)
from .evidence import Evidence
from .signer_info import must_fit, signer_certificate
from .trust import must_be_valid

_MOST_TOKENS = 8
_MOST_CERTIFICATES = 32


@dataclass(frozen=True)
class Timestamp:
    """What a token says, before and apart from whether it is to be believed."""

    moment: datetime
    digest_algorithm: str
    imprint: bytes
    policy: str
    serial_number: int
    nonce: int | None
    token: cms.SignedData

    @staticmethod
    def read(node: der.Node) -> "Timestamp":
        """A timestamp token: SignedData over TSTInfo."""
        token = cms.read_content_info(node)
        if token.content_type != oids.TST_INFO or token.content is None or len(token.signers) != 1:
            raise Unreadable("not a timestamp token")
        if len(token.certificate_choices) > _MOST_CERTIFICATES:
            raise Unreadable(f"{len(token.certificate_choices)} certificates in a timestamp")
        fields = der.read(token.content).fields()
        fields.take(der.INTEGER)
        policy = fields.take().oid()
        imprint = fields.take().fields()
        algorithm = algorithms.read_identifier(imprint.take())[0]
        digest = imprint.take(der.OCTET_STRING).octets()
        serial_number = fields.take(der.INTEGER).integer()
        moment = fields.take().time()
        # Accuracy and ordering come before the nonce; nothing here depends on them.
        fields.take_if(der.SEQUENCE)
        fields.take_if(der.BOOLEAN)
        nonce = fields.take_if(der.INTEGER)
        return Timestamp(
            moment, algorithm, digest, policy, serial_number, None if nonce is None else nonce.integer(), token
        )

    def must_cover(self, message: bytes, sbox: bytes) -> None:
        """`WrongContent` unless the imprint is the digest of the message."""
        self._must_be(hashes.digest(self.digest_algorithm, message, sbox))

    def _must_be(self, digest: bytes) -> None:
        # Programs of PrivatBank (2016) wrote the GOST imprint with its bytes in the opposite order.
        is_reversed = self.digest_algorithm == oids.GOST_34311 and digest[::-1] == self.imprint
        if digest != self.imprint and not is_reversed:
            raise WrongContent("the imprint of a timestamp")

    def must_be_over(self, kind: "ProofKind", stamped: "Stamped", sbox: bytes) -> None:
        """The same for what a timestamp of this kind stands over."""
        if kind == ProofKind.SIGNATURE:
            self.must_cover(stamped.info.signature, sbox)
        elif stamped.document is None:
            return
        elif kind == ProofKind.CONTENT:
            self._must_be(stamped.document.digest(self.digest_algorithm, sbox))
        elif kind == ProofKind.REFERENCES:
            self._must_cover_one(stamped.references, sbox)
        elif archive.has_index(self.token.signers[0]):
            index = archive.must_cover(stamped.signed, stamped.info, self.token.signers[0])
            parts = (stamped.signed, stamped.info, stamped.document, index)
            self.must_cover(archive.covered(*parts, self.digest_algorithm), sbox)

    def _must_cover_one(self, messages: Iterable[bytes], sbox: bytes) -> None:
        fault = WrongContent("the imprint of a timestamp over references")
        for message in messages:
            try:
                return self.must_cover(message, sbox)
            except WrongContent as error:
                fault = error
        raise fault

    def covers_everything(self, stamped: "Stamped", sbox: bytes) -> bool:
        """Whether an archive timestamp without an index is over all that stands in the container."""
        if stamped.document is None:
            return False
        try:
            parts = (stamped.signed, stamped.info, stamped.document)
            self.must_cover(archive.covered_without_index(*parts, self.digest_algorithm), sbox)
        except SignatureError:
            return False
        return True

    def must_be_from(self, service: Certificate) -> None:
        """Raise unless this certificate is of a timestamp service that signed the token. Trust is another question."""
        must_fit(self.token.signers[0], service, hashes.Message(self.token.content or b""), oids.TST_INFO)
        if oids.TIME_STAMPING not in service.extended_key_usage:
            raise NotForSigning("not a timestamp service")


class ProofKind(StrEnum):
    """What a timestamp was put over."""

    CONTENT = "content"
    SIGNATURE = "signature"
    # Over the references to certificates and statements, perhaps with the signature: CAdES-X.
    REFERENCES = "references"
    ARCHIVE = "archive"


@dataclass(frozen=True)
class Proof:
    """A timestamp of a signature. Only one of a trusted service proves its moment."""

    kind: ProofKind
    moment: datetime
    service: Certificate | None
    is_trusted: bool


@dataclass(frozen=True)
class Stamped:
    """A signature whose timestamps are examined; `document` is None when it is not at hand."""

    signed: cms.SignedData
    info: cms.SignerInfo
    document: hashes.Message | None

    @property
    def references(self) -> list[bytes]:
        """What timestamps of CAdES-X are over: with the signature and its timestamps (type 1) and without (type 2).

        RFC 5126, 6.3.5 and 6.3.6, leaves open whether the attributes come with their headers; programs do both.
        """
        node = self.info.unsigned.node
        attributes = {each.fields().take().oid(): each for each in (() if node is None else node.children)}
        second = [attributes[kind] for kind in (oids.CERTIFICATE_REFS, oids.REVOCATION_REFS) if kind in attributes]
        stamps = [attributes[kind] for kind in (oids.SIGNATURE_TIMESTAMP,) if kind in attributes]
        forms: tuple[Callable[[der.Node], bytes], ...] = (lambda each: each.content, lambda each: each.raw)
        first = [self.info.signature + b"".join(map(form, (*stamps, *second))) for form in forms]
        return [*first, *(b"".join(map(form, second)) for form in forms)]


def examine(stamped: Stamped, evidence: Evidence, at: datetime) -> tuple[tuple[Proof, ...], tuple[SignatureError, ...]]:
    """Every timestamp of a signature, and what is wrong with those of trusted services.

    A token of an unknown or untrusted service proves nothing. One of a trusted service must be right in everything:
    a wrong token spoils the signature.
    """
    proofs: list[Proof] = []
    faults: list[SignatureError] = []
    for kind, node in _tokens(stamped.info):
        try:
            proofs.append(_examine_token(kind, Timestamp.read(node), stamped, evidence, at))
        except SignatureError as fault:
            # A timestamp over references adds to the level only.
            if kind != ProofKind.REFERENCES:
                faults.append(fault)
    return tuple(proofs), tuple(faults)


def _tokens(info: cms.SignerInfo) -> list[tuple[ProofKind, der.Node]]:
    kinds = (
        (ProofKind.CONTENT, info.signed.all(oids.CONTENT_TIMESTAMP)),
        (ProofKind.SIGNATURE, info.unsigned.all(oids.SIGNATURE_TIMESTAMP)),
        (ProofKind.ARCHIVE, info.unsigned.all(oids.ARCHIVE_TIMESTAMP)),
    )
    for _, nodes in kinds:
        if len(nodes) > _MOST_TOKENS:
            raise Unreadable(f"{len(nodes)} timestamps")
    over = [*info.unsigned.all(oids.TIMESTAMP_OVER_VALIDATION), *info.unsigned.all(oids.TIMESTAMP_OVER_REFS)]
    references = [(ProofKind.REFERENCES, node) for node in over[:_MOST_TOKENS]]
    return [(kind, node) for kind, nodes in kinds for node in nodes] + references


def _examine_token(kind: ProofKind, timestamp: Timestamp, stamped: Stamped, evidence: Evidence, at: datetime) -> Proof:
    token, trust = timestamp.token, evidence.trust
    service = None
    try:
        service = signer_certificate(token.signers[0], (*trust.certificates, *token.certificates, *evidence.extra))
        chain = trust.chain(service, (*token.certificates, *evidence.extra), at=timestamp.moment)
        is_indexed = kind != ProofKind.ARCHIVE or archive.has_index(token.signers[0])
        if not is_indexed and not timestamp.covers_everything(stamped, service.public_key.sbox):
            # Without an index nobody can tell what else the token may cover.
            return Proof(kind, timestamp.moment, service, is_trusted=False)
    except (NoCertificate, Untrusted, Unsupported):
        return Proof(kind, timestamp.moment, service, is_trusted=False)
    timestamp.must_be_over(kind, stamped, service.public_key.sbox)
    timestamp.must_be_from(service)
    must_be_valid(chain, timestamp.moment)
    evidence.must_clear(chain, timestamp.moment, seen_from=max(at, timestamp.moment))
    return Proof(kind, timestamp.moment, service, is_trusted=True)
