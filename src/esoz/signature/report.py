"""What an examination of a signed document finds: who signed, when, at which level, and everything that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from . import cms, oids
from .certificate import Certificate, Identity
from .errors import SignatureError
from .timestamps import Proof, ProofKind
from .trust import Chain


class Level(StrEnum):
    """Levels of CAdES (ETSI EN 319 122), each with more proof than the one before."""

    CMS = "CMS"
    BES = "BES"
    EPES = "EPES"
    T = "T"
    C = "C"
    X = "X"
    XL = "XL"
    A = "A"


_LEVELS = tuple(Level)


def lowest(levels: list[Level]) -> Level | None:
    """The level of a document is the lowest of its signatures."""
    return min(levels, key=_LEVELS.index, default=None)


def level_of(info: cms.SignerInfo, *, is_archived: bool = True) -> Level:
    """The level by the attributes that are there; whether they are right is another question.

    `is_archived` tells whether archive timestamps count.
    """
    signed, unsigned = info.signed, info.unsigned
    if not (signed.all(oids.SIGNING_CERTIFICATE_V2) or signed.all(oids.SIGNING_CERTIFICATE)):
        return Level.CMS
    if not unsigned.all(oids.SIGNATURE_TIMESTAMP):
        return Level.EPES if signed.all(oids.SIGNATURE_POLICY) else Level.BES
    if is_archived and any(unsigned.all(kind) for kind in (oids.ARCHIVE_TIMESTAMP, *oids.ARCHIVE_TIMESTAMPS_OLD)):
        return Level.A
    if unsigned.all(oids.CERTIFICATE_VALUES) and unsigned.all(oids.REVOCATION_VALUES):
        return Level.XL
    if not (unsigned.all(oids.CERTIFICATE_REFS) and unsigned.all(oids.REVOCATION_REFS)):
        return Level.T
    over = (oids.TIMESTAMP_OVER_VALIDATION, oids.TIMESTAMP_OVER_REFS)
    return Level.X if any(unsigned.all(kind) for kind in over) else Level.C


def proven_level(info: cms.SignerInfo, proofs: tuple[Proof, ...], doubts: tuple[SignatureError, ...]) -> Level:
    """The same, and T or above only with a signature timestamp of a trusted service, A only with one of an archive.

    `doubts` say what is wrong with the references and values: then they make no level.
    """
    proven = {proof.kind for proof in proofs if proof.is_trusted}
    level = level_of(info, is_archived=ProofKind.ARCHIVE in proven)
    if ProofKind.SIGNATURE in proven:
        if level == Level.X and ProofKind.REFERENCES not in proven:
            level = Level.C
        return min(level, Level.T, key=_LEVELS.index) if doubts else level
    return min(level, Level.EPES if info.signed.all(oids.SIGNATURE_POLICY) else Level.BES, key=_LEVELS.index)


@dataclass(frozen=True)
class Signer:
    """One person or seal that signed."""

    identity: Identity
    certificate: Certificate
    # What the signer's clock said; nobody vouches for it.
    signed_at: datetime | None
    # From the certificate up to the trust list; empty when it does not lead there.
    chain: Chain
    # The moment at which the chain was judged: that of the signature timestamp, else the one asked about.
    judged_at: datetime
    # The moment by which the signature (or at least the document) existed, by a trusted timestamp.
    proven_at: datetime | None = None
    level: Level = Level.BES
    proofs: tuple[Proof, ...] = ()
    # Why the level is lower than the attributes of the signature claim.
    doubts: tuple[SignatureError, ...] = ()
    # Whether a list or an OCSP answer says of the certificate that it was good at that moment.
    is_revocation_known: bool = False
    # Those who signed this very signature.
    counter_signers: "tuple[Finding, ...]" = ()


@dataclass(frozen=True)
class Finding:
    """One signature: its signer (None when not even the certificate is known) and everything that is wrong."""

    signer: Signer | None
    reasons: tuple[SignatureError, ...]

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return self.signer is not None and not self.reasons

    @property
    def own_reasons(self) -> tuple[SignatureError, ...]:
        """What is wrong with this signature itself and not with those over it."""
        counter_signers = () if self.signer is None else self.signer.counter_signers
        foreign = {id(reason) for finding in counter_signers for reason in finding.reasons}
        return tuple(reason for reason in self.reasons if id(reason) not in foreign)


@dataclass(frozen=True)
class Report:
    """The whole document. `content` is None when the signature is detached and its document was not given."""

    content: bytes | None
    level: Level | None
    findings: tuple[Finding, ...]
    # The documents of an archive (ASiC) by their names.
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        """Whether every signature is valid, and there is at least one."""
        return bool(self.findings) and all(finding.is_valid for finding in self.findings)
