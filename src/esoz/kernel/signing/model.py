"""A signature asked for from a person's phone: its states, what is asked, what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from ..work import SignedContent

# A draft prescription of central lives thirty minutes; the person has to come back to it in time.
LIFETIME = timedelta(minutes=10)
MOST_DOCUMENTS = 50


class Event(StrEnum):
    REQUESTED = "remote_signing.requested"
    OPENED = "remote_signing.opened"
    SIGNED = "remote_signing.signed"
    REFUSED = "remote_signing.refused"
    WRONG_PERSON = "remote_signing.wrong_person"
    INVALID = "remote_signing.invalid"
    CANCELLED = "remote_signing.cancelled"
    EXPIRED = "remote_signing.expired"
    APPLIED = "remote_signing.applied"


class State(StrEnum):
    """OPENED: the person followed the link. WRONG_PERSON: signed by somebody else. INVALID: the
    signature that came cannot be taken. APPLIED: the page took it."""

    REQUESTED = "requested"
    OPENED = "opened"
    SIGNED = "signed"
    REFUSED = "refused"
    WRONG_PERSON = "wrong_person"
    INVALID = "invalid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    APPLIED = "applied"


_ENDS = frozenset({State.SIGNED, State.REFUSED, State.WRONG_PERSON, State.INVALID, State.CANCELLED, State.EXPIRED})
MOVES = {
    State.REQUESTED: _ENDS | {State.OPENED},
    State.OPENED: _ENDS,
    State.SIGNED: frozenset({State.APPLIED}),
    State.REFUSED: frozenset[State](),
    State.WRONG_PERSON: frozenset[State](),
    State.INVALID: frozenset[State](),
    State.CANCELLED: frozenset[State](),
    State.EXPIRED: frozenset[State](),
    State.APPLIED: frozenset[State](),
}
WAITING = frozenset({State.REQUESTED, State.OPENED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSigning:
    """One request. `fields` are those of the form that began it; it is sent to `action` again with the signatures."""

    id: UUID
    session_id: bytes
    state: State
    action: str
    fields: Mapping[str, Sequence[str]]
    names: Sequence[str]
    contents: Sequence[bytes]
    tax_id: str  # of the person who must sign; empty when anybody may (signing in)
    created_at: datetime
    expires_at: datetime
    signed: Sequence[bytes] = ()
    link: str = ""
    reason: Mapping[str, str] = field(default_factory=dict)  # why what came was not taken

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the request ends, never below zero."""
        return max(0, int((self.expires_at - now).total_seconds()))

    def is_due(self, now: datetime) -> bool:
        """Whether a request that still waits is out of time."""
        return self.is_waiting and now >= self.expires_at


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """What the gateway is given: documents by name, and where the phone leads the person afterwards."""

    id: UUID
    documents: Sequence[tuple[str, bytes]]
    return_address: str


@dataclass(frozen=True, slots=True)
class SigningAnswer:
    """What the gateway read in a callback: signatures by the names of documents; none when the person refused."""

    id: UUID
    signatures: Mapping[str, bytes]


class RemoteSigner(Protocol):
    """A service that asks a person on their phone for signatures."""

    async def ask(self, request: SigningRequest) -> str:
        """The link to open on the phone. Raises ConnectionError when the service does not answer or refuses."""

    def is_ours(self, key: str) -> bool:
        """Whether the last part of a callback's address is the secret that the service was given."""

    def read(self, headers: Mapping[str, str], data: str) -> SigningAnswer:
        """A callback. Raises BadRequest when it is not one."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A signature file after the check: always with its document inside."""

    document: bytes
    signed: SignedContent


class SignedFiles(Protocol):
    """Reads signature files as people have them: DER, PEM or base64, the document inside or apart."""

    def open(self, file: bytes, contents: Sequence[bytes], *, at: datetime) -> Opened:
        """Check a signature; a detached one gets that of `contents` inside which it fits.

        Raises Rejected on `$.signed_file` with a sentence for the person.
        """


class CertificateDirectory(Protocol):
    """Knows where certificates of keys are, by the identifiers of the keys (32 bytes each)."""

    def known(self, keys: Sequence[bytes]) -> bytes | None:
        """What was found lately, as PEM; empty when nothing was, None when they must be asked for. Never waits."""

    async def ask(self, keys: Sequence[bytes]) -> None:
        """Ask, and remember the answer for `known`, whatever it is."""


@dataclass(frozen=True, slots=True)
class Signing:
    """How a site takes signatures."""

    files: SignedFiles
    remote: RemoteSigner | None = None
    directory: CertificateDirectory | None = None  # None: the person adds the certificate file
