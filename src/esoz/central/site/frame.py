"""The frame of central's pages: their user, navigation, and work that is audited."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from esoz.central import identity
from esoz.kernel import audit
from esoz.kernel.db import Connection
from esoz.kernel.pages import NavItem
from esoz.kernel.pages import Page as KitPage
from esoz.kernel.work import Actor, Gear, Work


@dataclass(frozen=True, slots=True)
class CentralServices:
    """What the pages of central work with."""

    gear: Gear


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user of central in the middle of signing in to some client."""

    id: UUID
    name: str
    organisation: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)


Page: TypeAlias = KitPage[CentralServices, Visitor]


async def load_visitor(db: Connection, user_id: UUID) -> Visitor | None:
    """The user of a session, unless they were blocked since."""
    user = await identity.user_by_id(db, user_id)
    return Visitor(user.id, user.email or "") if user and not user.is_blocked else None


def navigation(page: Page) -> Sequence[NavItem]:
    return [NavItem(page.gettext("Про систему"), "/"), NavItem(page.gettext("Статистика"), "/statistics")]


@asynccontextmanager
async def working(page: Page, operation: str) -> AsyncIterator[Work]:
    """Work of a page's act: what it records is written to the audit log in the page's transaction, refusals too."""
    user_id = page.visitor.id if page.visitor else None
    work = Work(Actor(user_id=user_id), page.now, page.db, page.services.gear)
    try:
        yield work
    finally:
        if work.recorded:
            about = audit.Circumstances(page.now, page.request_id, operation, work.actor)
            await audit.write(page.db, about, work.recorded)
