"""A section of the workplace: its pages, its place in the navigation, what it adds to the patient's page."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.pages import NavItem as Link
from esoz.kernel.pages import Page, Pages
from esoz.kernel.periodic import Periodic

from .explanations import ErrorPattern
from .gate import Gate
from .patient import Patient
from .workplace import Worker


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of the navigation bar, for some roles."""

    text: str
    href: str
    roles: Collection[str]

    def shown(self) -> Link:
        return Link(self.text, self.href)


STAFF = "/staff"  # the page of a clinic's people


def stands_below(item: NavItem) -> bool:
    """Whether a link stands on the page of people and not in the bar: what a head decides for everybody."""
    return item.href.startswith(f"{STAFF}/")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a worker has to know before work: the end of a term comes. Texts are in the page's language.

    `id` names the notice in its page; `action` is the text of a button that leads to `href`.
    """

    id: str
    title: str
    text: str
    action: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """How documents of one kind, which travel through sync, are shown and corrected.

    `edit`: path of the form, {id} {patient_id} {episode_id} {record_id} stand for the document's; `readable`: template
    that shows the content to a person; `field`: the form's field that an entry of central's refusal of a content is
    about, "" when none is; `onward`: what is done next once central has it, {id} {patient_id} {record_id} stand for the
    document's; `move`: path of the page that puts a document into another episode, "" when it stands in none;
    `takes_back`: central then counts the other document of the same record as a mistake.
    """

    name: str
    edit: str
    readable: str
    field: Callable[[Mapping[str, Any], str], str]
    onward: Sequence[NavItem] = ()
    move: str = ""
    takes_back: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent of central: of which user, at which clinic."""

    user_id: UUID
    clinic_id: UUID


@dataclass(frozen=True, slots=True)
class ToSign:
    """How many things of a section wait for the signature of user $1 at clinic $2, of those who have these roles.

    `count` is SQL of one number: those of all sections are asked for together with the counters of the queue.
    """

    roles: Collection[str]
    count: str


# What a page of the workplace has at hand: `services.Services`, which carries the sections themselves.
ServicesT = TypeVar("ServicesT")


@dataclass(frozen=True, slots=True)
class PatientLine(Generic[ServicesT]):
    """A line that another section knows of a patient, in the page's language; "" when it has nothing to say.

    `ask` may call central, and never raises: for the patient's page. `kept` is what was told last: for work that must
    not wait for central.
    """

    ask: Callable[[Page[ServicesT, Worker], UUID], Awaitable[str]]
    kept: Callable[[Page[ServicesT, Worker], UUID], str]


ConsentHook: TypeAlias = Callable[[Connection, Consent, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Section(Generic[ServicesT]):
    """Everything that one folder adds to the site."""

    name: str
    pages: Pages[ServicesT, Worker]
    nav: Sequence[NavItem] = ()
    home: str = ""  # where "/" leads people who see only this section
    patient_links: Sequence[NavItem] = ()  # shown on the patient's page; {id} stands for the patient
    search_links: Sequence[NavItem] = ()  # shown below the search for patients: for whom it does not find
    patient_lines: Sequence[PatientLine[ServicesT]] = ()  # shown on the patient's page and at a visit
    errors: Sequence[ErrorPattern] = ()
    kinds: Sequence[DocumentKind] = ()
    notices: Sequence[
        Callable[[Page[ServicesT, Worker]], Awaitable[Sequence[Notice]]]
    ] = ()  # asked for at the desk, and at the sign-in of people who have no desk
    account: Sequence[Link] = ()  # links of the user's own account
    ways: Sequence[Link] = ()  # other ways to sign in, shown at sign-in
    unlocks: Sequence[Link] = ()  # other ways to unlock the screen; pages below /locked call sessions.unlock
    gates: Sequence[Gate] = ()  # those of earlier sections come first
    on_consent: Sequence[ConsentHook] = ()  # called when a user has consented
    on_doubt: Sequence[ConsentHook] = ()  # called when central has refused or taken back
    # Which of these consents something of this section still has to be delivered with.
    needs_consent: Callable[[Connection, Sequence[Consent]], Awaitable[Collection[Consent]]] | None = None
    to_sign: ToSign | None = None
    find_patient: Callable[[Connection, UUID, UUID], Awaitable[Patient]] | None = None  # of a clinic, by the id
    works: Callable[[ServicesT], Sequence[Periodic]] = lambda _services: ()  # what runs beside the pages
