"""The frame of central's pages: their user, navigation, and work that is audited."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from esoz.central import identity, people
from esoz.central.statistics import Loads
from esoz.kernel import audit, strangers
from esoz.kernel.db import Connection
from esoz.kernel.errors import Problem
from esoz.kernel.limits import Limiter
from esoz.kernel.pages import NavItem
from esoz.kernel.pages import Page as KitPage
from esoz.kernel.work import Actor, Dependencies, Work


@dataclass(slots=True)
class KeptLoads:
    """Doctors' load as it was at a moment, for all who look within the next minutes."""

    found: tuple[Loads, datetime] | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class CentralServices:
    """What the pages of central work with."""

    dependencies: Dependencies
    limiter: Limiter
    loads: KeptLoads = field(default_factory=KeptLoads)


# Forms that a stranger may send: how often in a minute from one address (GW-7 of 2019 for the last two).
LIMITS = {"sign-in": 80, "recovery": 10, "application": 10, "sign-up": 20, "blank": 20}


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user of central in the middle of signing in to some client."""

    id: UUID
    name: str
    organisation: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    person_id: UUID | None = None  # of a patient


Page: TypeAlias = KitPage[CentralServices, Visitor]


async def load_visitor(db: Connection, user_id: UUID) -> Visitor | None:
    """The user of a session, unless they were blocked since."""
    user = await identity.user_by_id(db, user_id)
    if user is None or user.is_blocked:
        return None
    # Whoever has a role here has a second factor too, and none of their sessions began without it.
    roles = frozenset(await identity.global_roles(db, user_id))
    name = (await people.find_person(db, user.person_id)).full_name if user.person_id else user.email
    return Visitor(user.id, name or "", roles=roles, person_id=user.person_id)


def navigation(page: Page) -> Sequence[NavItem]:
    items = [NavItem(page.gettext("Про систему"), "/"), NavItem(page.gettext("Статистика"), "/statistics")]
    items.append(NavItem(page.gettext("Ціни на ліки"), "/prices"))
    items += [NavItem(page.gettext("Реєстр МІС"), "/mis-register"), NavItem(page.gettext("Довідка"), "/information")]
    if page.visitor is not None and identity.ADMINISTRATOR in page.visitor.roles:
        items.append(NavItem(page.gettext("Адміністрування"), "/administration"))
    if page.visitor is not None and identity.CONTACT_CENTRE in page.visitor.roles:
        items.append(NavItem(page.gettext("Контакт-центр"), "/contact-centre"))
    if page.visitor is not None:
        items.append(NavItem(page.gettext("Обліковий запис"), "/account"))
    return items


async def must_be_calm(page: Page, form: str) -> None:
    """Raise RateLimited when an address sends a form of LIMITS too often."""
    counted = page.request.state
    if getattr(counted, "calm", "") != form:  # a page that began anew, to ask somebody outside, is the same request
        await page.services.limiter.admit(form, address_of(page), page.now)
        counted.calm = form


def address_of(page: Page) -> str:
    """Where the request came from."""
    return page.request.client.host if page.request.client else ""


@asynccontextmanager
async def working(page: Page, operation: str) -> AsyncIterator[Work]:
    """Work of a page's act: what it records is written to the audit log in the page's transaction, refusals too."""
    actor = Actor(user_id=page.visitor.id, person_id=page.visitor.person_id) if page.visitor else Actor()
    work = Work(actor, page.now, page.db, page.services.dependencies)
    try:
        yield work
    except Problem as problem:
        if page.visitor is None and problem.status < 500:
            strangers.note(operation, problem.type)
        raise
    finally:
        if work.recorded:
            about = audit.AuditContext(page.now, page.request_id, operation, work.actor)
            await audit.write(page.db, about, work.recorded)
