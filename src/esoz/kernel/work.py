"""Everything that a command or a query needs, in one argument."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from .clock import Days, days_around, kyiv_date, new_id
from .db import Connection, Database
from .memory import Memory, Registry
from .objects import Objects
from .references import Grantable, ReferenceResolvers
from .settings import Settings
from .validation import Schema

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a user of a client (a clinic, a pharmacy, a cabinet) through a MIS, or nobody."""

    user_id: UUID | None = None
    client_id: UUID | None = None  # the legal entity: in ЕСОЗ it is the OAuth client
    client_type: str = ""
    mis_id: UUID | None = None  # the vendor whose API-key came with the request
    person_id: UUID | None = None  # the patient, when a cabinet asks for them
    applicant_id: UUID | None = None  # the person who acts for that patient; None when they act themselves
    token_id: UUID | None = None
    scopes: frozenset[str] = frozenset()


NOBODY = Actor()


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: the identity in the certificate, as far as the rules ask for it."""

    drfo: str | None
    edrpou: str | None
    surname: str
    given_name: str
    is_stamp: bool
    serial_number: str
    signed_at: datetime | None
    issuer: str = ""
    unzr: str | None = None


@dataclass(frozen=True, slots=True)
class SignedContent:
    """Content of a valid signature, and everyone who signed it.

    `check` is what was proven about the signers' certificates and when, as JSON; empty when nothing was asked.
    `asks_again`: a provider was away when it was asked about a certificate, so it is to be asked later (SG-9).
    """

    content: bytes
    signers: tuple[Signer, ...]
    check: bytes = b""
    asks_again: bool = False


class NeedsExternal(Exception):
    """Somebody outside must be asked before the act can be judged; not a refusal.

    The pipeline lets the transaction go, awaits `asking`, and begins the act anew: no connection waits for the network.
    """

    def __init__(self, asking: Callable[[], Awaitable[object]]) -> None:
        self.asking = asking
        super().__init__()


class SignatureVerifier(Protocol):
    """Opens a signed document; raises Problem when the signature is not to be trusted at `at`, or NeedsExternal.

    `now` when it is judged later than it arrived: providers are asked now whether it was to be trusted then.
    """

    def __call__(self, document: bytes, *, at: datetime, now: datetime | None = None) -> SignedContent: ...


class SchemaBook(Protocol):
    """The compiled schemas of the published contract."""

    def request(self, method: str, path: str) -> Schema | None:
        """The body of an operation, or None when it takes none."""

    def signed(self, method: str, path: str) -> Schema | None:
        """The content of its signed document, or None when nothing is published."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What stands around the commands and is the same for all requests of a process."""

    objects: Objects
    verifier: SignatureVerifier
    schemas: SchemaBook
    secret: bytes
    random: Callable[[int], bytes]
    settings: Settings = field(default_factory=lambda: Settings({}))
    references: ReferenceResolvers = field(default_factory=ReferenceResolvers)
    grantable: Grantable = field(default_factory=Grantable)
    memory: Memory | None = None  # None: registries are asked each time


def remembering(dependencies: Dependencies, database: Database) -> Dependencies:
    """The same, with a memory of the registries of a database."""
    return replace(dependencies, memory=Memory(database))


# What a resource may be called in the audit log; numbers in groups of four are those of prescriptions and referrals.
_ID = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,128}|[0-9A-Z]{4}(-[0-9A-Z]{4}){3}|UA[0-9]{17}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z0-9_./:-]{1,100}", re.ASCII)
_DIGITS = 6  # and more in a word may be a telephone, a document, a tax number


def resource_name(text: str) -> str:
    """An id or a word of our own as it is; empty for all else: a path holds what its caller liked to write there."""
    is_word = _WORD.fullmatch(text) is not None and sum(map(str.isdigit, text)) < _DIGITS
    return text if is_word or _ID.fullmatch(text) else ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log in the making; what is no name of a resource is left out of it."""

    event: str
    resource_id: str
    patient_id: UUID | None
    facts: dict[str, object]

    def __post_init__(self) -> None:
        object.__setattr__(self, "resource_id", resource_name(str(self.resource_id)))


@dataclass(slots=True)
class Work:
    """One act in progress: who, when, the database transaction, and what is to be written in the audit log.

    `now` is the moment by which the act is judged: when it arrived. A worker may perform it `late`.
    """

    actor: Actor
    now: datetime
    db: Connection
    dependencies: Dependencies
    new_id: Callable[[], UUID] = new_id
    recorded: list[AuditEntry] = field(default_factory=list)
    late: timedelta = timedelta(0)

    @property
    def today(self) -> date:
        """The calendar day in Kyiv."""
        return kyiv_date(self.now)

    @property
    def days(self) -> Days:
        """The calendar day in Kyiv, as clocks of others may have it: for dates that must not lie ahead, or behind."""
        return days_around(self.now)

    @property
    def performed_at(self) -> datetime:
        """The moment at which the act is carried out: what is written by it carries this one."""
        return self.now + self.late

    async def known(self, registry: Registry[K, V], key: K) -> V | None:
        """A record of a registry that this act does not change, less than a second old; None when unknown."""
        if self.dependencies.memory is not None:
            return await self.dependencies.memory.get(registry, key)
        return (await registry.ask(self.db, [key])).get(key)

    def record(
        self, event: StrEnum, resource_id: UUID | str, *, patient_id: UUID | None = None, **facts: object
    ) -> None:
        """Leave a line in the audit log, written in the transaction of the act. No personal data in `facts`."""
        self.recorded.append(AuditEntry(str(event), str(resource_id), patient_id, facts))
