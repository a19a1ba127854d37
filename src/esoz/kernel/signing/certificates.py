"""Certificates of keys as pages see them: what one says, how it stands, and the refusal of a key that may not sign."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from ..errors import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyCertificate:
    """What the certificate of a key says, in its own words; a text is empty when the certificate does not say it."""

    content: bytes  # DER
    fingerprint: bytes  # SHA-256 of it
    serial_number: str  # hexadecimal
    issuer: str
    holder: str  # the person, or the organisation of a seal
    organisation: str
    title: str
    drfo: str
    edrpou: str
    is_seal: bool
    is_legal: bool  # an organisation stands behind it and no person is named
    may_sign: bool
    is_authority: bool
    is_qualified: bool
    is_on_device: bool
    is_test: bool  # its issuer calls itself a test one
    not_before: datetime
    not_after: datetime


@dataclass(eq=False)
class KeyRefused(Rejected):
    """A signature whose key may not sign; `key` is its certificate when it could be read, `since` of a revocation."""

    key: KeyCertificate | None = None
    since: datetime | None = None

    def at(self, entry: str) -> Self:
        """The same refusal about another field."""
        return replace(self, invalid=tuple(replace(each, entry=entry) for each in self.invalid))


class Proof(StrEnum):
    """What the issuer says of a certificate. UNREACHABLE: it could not be asked now; NOT_ASKED: nobody asks here."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """How a certificate stands at a moment.

    `fault` is the rule by which a signature would be refused, empty when it would be taken; `proof` what the issuer
    said, `since` when it was revoked, `asked_at` when the issuer was asked.
    """

    fault: str
    proof: Proof = Proof.NOT_ASKED
    since: datetime | None = None
    asked_at: datetime | None = None


class CertificateVerifier(Protocol):
    """Reads certificates and says how they stand."""

    def read(self, file: bytes) -> Sequence[KeyCertificate]:
        """Certificates of a file: DER, PEM, a bundle (.p7b). Raises Rejected when there are none in it."""

    def signer_of(self, document: bytes) -> KeyCertificate | None:
        """The certificate of a signed document's first signer; None when it does not carry one."""

    def standing(self, content: bytes, *, at: datetime) -> KeyStanding:
        """How a certificate (DER) stands at the moment. Raises NeedsExternal when its issuer must be asked first."""

    def latest(self) -> KeyStanding | None:
        """The newest word of any trust provider; None when none was asked yet, or nobody asks here."""
