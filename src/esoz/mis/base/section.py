"""A section of the workplace: its pages, its place in the navigation, what it adds to the patient's page."""

import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from esoz.kernel import pages
from esoz.kernel.periodic import Periodic

from .services import MisPage, MisPages, Services

if TYPE_CHECKING:
    from esoz.mis.documents.sync import Kind

    from .gate import Gate


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of the navigation bar, for some roles."""

    text: str
    href: str
    roles: Collection[str]

    def shown(self) -> pages.NavItem:
        return pages.NavItem(self.text, self.href)


STAFF = "/staff"  # the page of a clinic's people


def stands_below(item: NavItem) -> bool:
    """Whether a link stands on the page of people and not in the bar: what a head decides for everybody."""
    return item.href.startswith(f"{STAFF}/")


@dataclass(frozen=True, slots=True)
class Known:
    """What one of central's texts means: a regular expression, what happened, what to do.

    Groups of the expression may stand in both texts as {0}, {1}.
    """

    pattern: str
    text: str
    advice: str
    expression: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "expression", re.compile(self.pattern, re.IGNORECASE))


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


Noticing: TypeAlias = Callable[[MisPage], Awaitable[Sequence[Notice]]]


@dataclass(frozen=True, slots=True)
class Section:
    """Everything that one folder adds to the site."""

    name: str
    pages: MisPages
    nav: Sequence[NavItem] = ()
    home: str = ""  # where "/" leads people who see only this section
    patient_links: Sequence[NavItem] = ()  # shown on the patient's page; {id} stands for the patient
    errors: Sequence[Known] = ()
    kinds: "Sequence[Kind]" = ()  # documents of this section that travel through sync
    notices: Sequence[Noticing] = ()  # asked for at the desk, and at the sign-in of people who have no desk
    account: Sequence[pages.NavItem] = ()  # links of the user's own account
    ways: Sequence[pages.NavItem] = ()  # other ways to sign in, shown at the door
    unlocks: Sequence[pages.NavItem] = ()  # other ways to unlock the screen; pages below /locked call sessions.unlock
    gates: "Sequence[Gate]" = ()  # those of earlier sections come first
    works: Callable[[Services], Sequence[Periodic]] = lambda _services: ()  # what runs beside the pages
