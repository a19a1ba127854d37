"""Certificate revocation lists, full and delta (RFC 5280, 5)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from . import algorithms, der, oids
from .certificate import Certificate, Name, unarmor
from .errors import Revoked, Unreadable, WrongSignature
from .trust import Chain

_REMOVE_FROM_CRL = 8


@dataclass(frozen=True)
class Revocation:
    """One entry: since when, and why (the number of RFC 5280; 6 is a suspension)."""

    since: datetime
    reason: int | None


@dataclass(frozen=True)
class RevocationList:
    """A parsed list. It says something only about certificates of its issuer."""

    issuer: Name
    this_update: datetime
    next_update: datetime | None
    number: int | None
    # The number of the full list that a delta adds to, None for a full list.
    base_number: int | None
    entries: dict[int, Revocation]
    signature_algorithm: str
    signed: bytes
    signature: bytes

    @staticmethod
    def parse(data: bytes) -> "RevocationList":
        """A list in DER or PEM; `Unreadable` when it is anything else."""
        outer = der.read(unarmor(data)).fields()
        body = outer.take(der.SEQUENCE)
        algorithm = algorithms.read_identifier(outer.take())[0]
        signature = outer.take(der.BIT_STRING).whole_bits()
        outer.finish()
        fields = body.fields()
        fields.take_if(der.INTEGER)
        if algorithms.read_identifier(fields.take())[0] != algorithm:
            raise Unreadable("two signature algorithms in one revocation list")
        issuer = Name.read(fields.take())
        this_update = fields.take().time()
        following = fields.take_if(der.UTC_TIME, der.GENERALIZED_TIME)
        entries = fields.take_if(der.SEQUENCE)
        extensions = _extension_values(fields.take_context(0))
        fields.finish()
        return RevocationList(
            issuer=issuer,
            this_update=this_update,
            next_update=None if following is None else following.time(),
            number=_number(extensions.get(oids.CRL_NUMBER)),
            base_number=_number(extensions.get(oids.DELTA_CRL_INDICATOR)),
            entries={} if entries is None else dict(_entry(node) for node in entries.each()),
            signature_algorithm=algorithm,
            signed=body.raw,
            signature=signature,
        )

    @property
    def is_delta(self) -> bool:
        """Whether the list only adds to a full one."""
        return self.base_number is not None

    def is_current(self, at: datetime) -> bool:
        """Whether the issuer still stands by this list at a moment."""
        return self.this_update <= at and (self.next_update is None or at <= self.next_update)

    def speaks_of(self, certificate: Certificate) -> bool:
        """Whether the list is of the issuer of this certificate."""
        return certificate.issuer.attributes == self.issuer.attributes

    def must_be_signed_by(self, issuer: Certificate) -> None:
        """`WrongSignature` unless this authority signed the list."""
        if issuer.subject.attributes != self.issuer.attributes:
            raise WrongSignature("a revocation list of another issuer")
        issuer.public_key.verify(self.signature_algorithm, None, self.signed, self.signature)

    def with_delta(self, delta: "RevocationList") -> "RevocationList":
        """The full list brought up to date. Both signatures must have been checked before."""
        if delta.issuer.attributes != self.issuer.attributes or self.is_delta or not delta.is_delta:
            raise Unreadable("these two revocation lists do not belong together")
        if self.number is not None and delta.base_number is not None and self.number < delta.base_number:
            raise Unreadable("the full revocation list is older than the delta needs")
        entries = self.entries | delta.entries
        kept = {serial: entry for serial, entry in entries.items() if entry.reason != _REMOVE_FROM_CRL}
        return replace(self, entries=kept, this_update=delta.this_update, next_update=delta.next_update)


def must_not_be_revoked(chain: Chain, lists: Iterable[RevocationList], at: datetime) -> None:
    """`Revoked` when a list says that a certificate of the chain was revoked by this moment.

    A list that speaks of the chain must be signed by the issuer in the chain. A certificate of which no list speaks
    passes: whether lists are needed is the caller's rule.
    """
    lists = tuple(lists)
    for certificate, issuer in zip(chain, (*chain[1:], chain[-1]), strict=True):
        for revocations in lists:
            if not revocations.speaks_of(certificate):
                continue
            revocations.must_be_signed_by(issuer)
            entry = revocations.entries.get(certificate.serial_number)
            if entry is not None and entry.reason != _REMOVE_FROM_CRL and entry.since <= at:
                raise Revoked(f"since {entry.since:%Y-%m-%d}")


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


def _number(value: bytes | None) -> int | None:
    return None if value is None else der.read(value).integer()
