"""What is known about the revocation of a chain: lists and OCSP answers, given by the caller or carried along."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, pairwise

from . import der, oids
from .certificate import Certificate
from .errors import Revoked, SignatureError, Unsupported, WrongSignature
from .ocsp import OcspAnswer, Status
from .revocation import REMOVE_FROM_CRL, RevocationList
from .trust import Chain, TrustList

Statement = RevocationList | OcspAnswer

# Reasons after which nothing that the key ever signed may be believed: unknown, a stolen key, a stolen authority.
_RETROACTIVE = frozenset({None, 0, 1, 2})
# Statements that came with a document cost a signature check each.
_MOST_CARRIED = 64


@dataclass(frozen=True)
class Evidence:
    """Statements about revocation, and the certificates that may stand behind them.

    What the caller answers for (`revocations`) must be right wherever it speaks of the chain; what came with the
    document (`carried`) is passed over unless it is right.
    """

    trust: TrustList
    revocations: tuple[Statement, ...] = ()
    carried: tuple[Statement, ...] = ()
    extra: Chain = ()
    # Verdicts on statements by their issuers: several chains of one document ask about the same ones.
    verdicts: dict[tuple[int, bytes], SignatureError | None] = field(default_factory=dict, compare=False)

    def must_clear(self, chain: Chain, at: datetime, *, seen_from: datetime | None = None) -> bool:
        """`Revoked` when a certificate of the chain was revoked by `at`; whether its first one is known to be good.

        `seen_from` is a later moment of judgement: a revocation between the two counts when its reason is such that
        nothing the key ever signed may be believed. A certificate of which nothing speaks passes: whether statements
        are needed is the caller's rule.
        """
        known = [self.is_clear(certificate, issuer, at, seen_from) for certificate, issuer in pairwise(chain)]
        return bool(known) and known[0]

    def is_clear(
        self, certificate: Certificate, issuer: Certificate, at: datetime, seen_from: datetime | None = None
    ) -> bool:
        """Whether the certificate is known to be good at a moment; `Revoked` when it is known not to be."""
        known = False
        for since, reason, is_fresh in self._about(certificate, issuer, at):
            known |= is_fresh
            is_late = since is not None and reason in _RETROACTIVE and since <= (seen_from or at)
            if since is not None and (since <= at or is_late):
                raise Revoked(f"since {since:%Y-%m-%d}")
        return known

    def _about(
        self, certificate: Certificate, issuer: Certificate, at: datetime
    ) -> Iterator[tuple[datetime | None, int | None, bool]]:
        """Since when (None: good), why, and whether the statement is fresh enough to say so about `at`."""
        for statement in self._speaking(certificate, issuer):
            if isinstance(statement, RevocationList):
                entry = statement.entries.get(certificate.serial_number)
                is_good = entry is None or entry.reason == REMOVE_FROM_CRL
                since, reason = (None, None) if entry is None or is_good else (entry.since, entry.reason)
                is_fresh = not statement.is_delta and _covers(statement.this_update, statement.next_update, at)
                yield since, reason, is_fresh
            else:
                for status in _statuses(statement, certificate, issuer):
                    is_fresh = status.is_known and _covers(status.this_update, status.next_update, at)
                    yield status.revoked_since, status.reason, is_fresh

    def faults_about(self, certificate: Certificate, issuer: Certificate) -> list[SignatureError]:
        """What is wrong with the statements about this certificate that came with the document."""
        found = []
        for statement in self.carried:
            try:
                if _speaks_of(statement, certificate, issuer):
                    self._must_be_from(statement, issuer)
            except SignatureError as fault:
                found.append(fault)
        return found

    def broken(self, statements: Iterable[Statement]) -> list[SignatureError]:
        """Those whose signature is wrong under every certificate of whoever made them."""
        found: list[SignatureError] = []
        for statement in statements:
            try:
                statement.must_be_intact((*self.trust.certificates, *self.extra))
            except WrongSignature as fault:
                found.append(fault)
            except SignatureError:
                continue
        return found

    def _speaking(self, certificate: Certificate, issuer: Certificate) -> list[Statement]:
        """Statements about this certificate whose signature is right."""
        found = []
        for statement in self.revocations:
            if _speaks_of(statement, certificate, issuer):
                self._must_be_from(statement, issuer)
                found.append(statement)
        for statement in self.carried:
            try:
                if _speaks_of(statement, certificate, issuer):
                    self._must_be_from(statement, issuer)
                    found.append(statement)
            except SignatureError:
                continue
        return _updated(found)

    def _must_be_from(self, statement: Statement, issuer: Certificate) -> None:
        # The statements live as long as this object, so their identities are theirs alone.
        key = (id(statement), issuer.fingerprint)
        if key not in self.verdicts:
            self.verdicts[key] = self._verdict(statement, issuer)
        fault = self.verdicts[key]
        if fault is not None:
            raise fault

    def _verdict(self, statement: Statement, issuer: Certificate) -> SignatureError | None:
        try:
            if isinstance(statement, RevocationList):
                statement.must_be_signed_by(issuer)
            else:
                statement.must_be_from(issuer, self.trust, self.extra)
        except SignatureError as fault:
            return fault
        return None


def _speaks_of(statement: Statement, certificate: Certificate, issuer: Certificate) -> bool:
    if isinstance(statement, RevocationList):
        return statement.speaks_of(certificate)
    return bool(_statuses(statement, certificate, issuer))


def _statuses(answer: OcspAnswer, certificate: Certificate, issuer: Certificate) -> list[Status]:
    return [status for status in answer.statuses if status.identifier.fits(certificate, issuer)]


def _covers(begin: datetime, end: datetime | None, at: datetime) -> bool:
    """A statement made after the moment knows it; one made before knows it until its own end."""
    return begin >= at or (end is not None and at <= end)


def _updated(statements: list[Statement]) -> list[Statement]:
    """Full lists brought up to date by the deltas that continue them."""
    lists = [statement for statement in statements if isinstance(statement, RevocationList)]
    deltas = sorted((found for found in lists if found.is_delta), key=lambda delta: delta.this_update)
    result: list[Statement] = [statement for statement in statements if isinstance(statement, OcspAnswer)]
    used = set()
    for full in (found for found in lists if not found.is_delta):
        current = full
        for delta in deltas:
            if current.is_continued_by(delta):
                current = current.with_delta(delta)
                used.add(delta.signature)
        result.append(current)
    return result + [delta for delta in deltas if delta.signature not in used]


def carried_statements(nodes: Iterable[der.Node]) -> tuple[Statement, ...]:
    """Statements that came with a container; what cannot be read proves nothing and is passed over."""
    statements: list[Statement] = []
    for node in islice(nodes, _MOST_CARRIED):
        try:
            statements.append(read_statement(node))
        except SignatureError:
            continue
    return tuple(statements)


def certificate_values(values: Iterable[der.Node]) -> list[der.Node]:
    """The certificates in attributes of long-term signatures, as far as the attributes can be read."""
    return [node for value in values for node in _readable_children(value)]


def revocation_values(values: Iterable[der.Node]) -> list[der.Node]:
    """The statements in attributes of long-term signatures, as far as they can be read.

    RevocationValues: [0] lists, [1] OCSP answers, [2] what nobody uses.
    """
    parts = [part for value in values for part in _readable_children(value) if part.context in (0, 1)]
    lists = [inner for part in parts for inner in _readable_children(part)]
    return [node for found in lists for node in _readable_children(found)]


def _readable_children(node: der.Node) -> tuple[der.Node, ...]:
    try:
        return node.children
    except SignatureError:
        return ()


def read_statement(node: der.Node) -> Statement:
    """A list, a whole OCSP answer as RFC 5940 wraps it, or its signed part as CAdES carries it."""
    if node.context == 1:
        fields = node.fields(node.tag)
        kind = fields.take().oid()
        if kind != oids.REVOCATION_INFO_OCSP:
            raise Unsupported(f"revocation information {kind}")
        return OcspAnswer.parse(fields.take().raw)
    # BasicOCSPResponse carries a ResponseData, whose first field is a tag; TBSCertList begins with a number.
    first = node.fields().take(der.SEQUENCE).fields().take()
    return RevocationList.parse(node.raw) if first.context is None else OcspAnswer.parse_basic(node.raw)
