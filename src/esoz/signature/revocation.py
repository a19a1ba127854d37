"""Certificate revocation lists, full and delta (RFC 5280, 5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from . import algorithms, der, oids
from .certificate import Certificate, Name, read_key_identifier
from .errors import NoCertificate, SignatureError, Unreadable, Unsupported, WrongSignature
from .pem import unarmor

REMOVE_FROM_CRL = 8
# Fields of IssuingDistributionPoint: reasons, and the flags of indirect lists and lists of attribute certificates.
_ONLY_SOME_REASONS, _SPECIAL_KINDS = 3, (4, 5)


@dataclass(frozen=True)
class Revocation:
    """One entry: since when, and why (the number of RFC 5280; 6 is a suspension)."""

    since: datetime
    reason: int | None


@dataclass(frozen=True)
class RevocationList:
    """A parsed list. It says something only about certificates of its issuer."""

    # The list as received; after `with_delta` that of the full list.
    der: bytes
    issuer: Name
    this_update: datetime
    next_update: datetime | None
    number: int | None
    # The number of the full list that a delta adds to, None for a full list.
    base_number: int | None
    entries: dict[int, Revocation]
    # Which key of the issuer signed, when the list says so.
    key_identifier: bytes | None
    signature_algorithm: str
    signature_digest: str | None
    signed: bytes
    signature: bytes

    @staticmethod
    def parse(data: bytes) -> "RevocationList":
        """A list in DER or PEM; `Unreadable` when it is anything else."""
        node = der.read(unarmor(data))
        outer = node.fields()
        body = outer.take(der.SEQUENCE)
        algorithm, digest = algorithms.read_signature(outer.take())
        signature = outer.take(der.BIT_STRING).whole_bits()
        outer.finish()
        fields = body.fields()
        fields.take_if(der.INTEGER)
        _must_be_same(algorithms.read_signature(fields.take())[0], algorithm)
        issuer, this_update = Name.read(fields.take()), fields.take().time()
        following = fields.take_if(der.UTC_TIME, der.GENERALIZED_TIME)
        entries = fields.take_if(der.SEQUENCE)
        extensions = _extension_values(fields.take_context(0))
        _must_be_whole(extensions.get(oids.ISSUING_DISTRIBUTION_POINT))
        fields.finish()
        return RevocationList(
            der=node.raw,
            issuer=issuer,
            this_update=this_update,
            next_update=None if following is None else following.time(),
            number=_number(extensions.get(oids.CRL_NUMBER)),
            base_number=_number(extensions.get(oids.DELTA_CRL_INDICATOR)),
            entries={} if entries is None else dict(_entry(node) for node in entries.each()),
            key_identifier=read_key_identifier(extensions.get(oids.AUTHORITY_KEY_IDENTIFIER)),
            signature_algorithm=algorithm,
            signature_digest=digest,
            signed=body.raw,
            signature=signature,
        )

    @property
    def forms(self) -> tuple[bytes, ...]:
        """What references in long-term signatures may be the digest of."""
        return (self.der,)

    @property
    def is_delta(self) -> bool:
        """Whether the list only adds to a full one."""
        return self.base_number is not None

    def is_current(self, at: datetime) -> bool:
        """Whether the issuer still stands by this list at a moment."""
        return self.this_update <= at and (self.next_update is None or at <= self.next_update)

    def speaks_of(self, certificate: Certificate) -> bool:
        """Whether the list is of the issuer of this certificate, and of the same key of that issuer."""
        keys = {self.key_identifier, certificate.authority_key_identifier} - {None}
        return certificate.issuer.attributes == self.issuer.attributes and len(keys) < 2

    def must_be_signed_by(self, issuer: Certificate) -> None:
        """`WrongSignature` unless this authority signed the list."""
        if issuer.subject.attributes != self.issuer.attributes:
            raise WrongSignature("a revocation list of another issuer")
        issuer.public_key.verify(self.signature_algorithm, self.signature_digest, self.signed, self.signature)

    def must_be_intact(self, known: Iterable[Certificate]) -> None:
        """`WrongSignature` unless one of these signed the list; `NoCertificate` when its issuer is not among them."""
        fault: SignatureError = NoCertificate("the certificate of the issuer is unknown")
        for candidate in known:
            if candidate.subject.attributes == self.issuer.attributes:
                try:
                    return self.must_be_signed_by(candidate)
                except SignatureError as error:
                    fault = error
        raise fault

    def is_continued_by(self, delta: "RevocationList") -> bool:
        """Whether a delta is of this issuer and later than this list, with nothing missing in between."""
        if self.is_delta or delta.base_number is None or delta.issuer.attributes != self.issuer.attributes:
            return False
        if self.number is None:
            return self.this_update <= delta.this_update
        return delta.base_number <= self.number and (delta.number is None or delta.number >= self.number)

    def with_delta(self, delta: "RevocationList") -> "RevocationList":
        """The full list brought up to date. Both signatures must have been checked before.

        `Unreadable` when the two do not belong together or the full one is older than the delta needs.
        """
        if not self.is_continued_by(delta):
            raise Unreadable("these two revocation lists do not belong together")
        entries = self.entries | delta.entries
        kept = {serial: entry for serial, entry in entries.items() if entry.reason != REMOVE_FROM_CRL}
        number = self.number if delta.number is None else delta.number
        following = delta.next_update
        return replace(self, entries=kept, number=number, this_update=delta.this_update, next_update=following)


def _entry(node: der.Node) -> tuple[int, Revocation]:
    fields = node.fields()
    serial = fields.take(der.INTEGER).integer()
    since = fields.take().time()
    reason = None
    if extensions := fields.take_if(der.SEQUENCE):
        value = _extension_map(extensions).get(oids.CRL_REASON)
        reason = None if value is None else der.read(value).integer()
    return serial, Revocation(since, reason)


def _extension_values(node: der.Node | None) -> dict[str, bytes]:
    return {} if node is None else _extension_map(node.only())


def _extension_map(node: der.Node) -> dict[str, bytes]:
    values = {}
    for item in node.children:
        fields = item.fields()
        oid = fields.take().oid()
        fields.take_if(der.BOOLEAN)
        values[oid] = fields.take(der.OCTET_STRING).octets()
    return values


def _must_be_same(inside: str, outside: str) -> None:
    if inside != outside:
        raise Unreadable("two signature algorithms in one revocation list")


def _must_be_whole(value: bytes | None) -> None:
    """`Unsupported` for a list of only some reasons, or one that speaks of other issuers (RFC 5280, 5.2.5)."""
    if value is None:
        return
    for node in der.read(value).children:
        is_some = node.context == _ONLY_SOME_REASONS
        if is_some or (node.context in _SPECIAL_KINDS and node.content != b"\0"):
            raise Unsupported("a revocation list of a part of the certificates")


def _number(value: bytes | None) -> int | None:
    return None if value is None else der.read(value).integer()
