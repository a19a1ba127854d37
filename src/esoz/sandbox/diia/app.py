"""Assembles the telephone: its pages on one site, the API of acquirers beside it, works around it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from uuid import UUID

import httpx
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from esoz.gateways.diia import SANDBOX_KEY
from esoz.kernel.admission import Admission
from esoz.kernel.clock import Clock
from esoz.kernel.db import Connection, Database
from esoz.kernel.lifespan import live
from esoz.kernel.metrics import plumbing
from esoz.kernel.pages import NavItem, Profile, Site, Terms, delete_expired
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import in_print
from esoz.kernel.periodic import Periodic
from esoz.kernel.settings import Settings
from esoz.kernel.vault import Vault
from esoz.sdk import Central, CentralError, Dictionaries, OAuthClient, understood

from ..country import DIIA_ID, TABLE, api_key, client_secret
from . import store
from .acquirers import PREFIX, Acquirers
from .answers import explained
from .changes import pages as change_pages
from .dictionaries import NAMES as SHOWN
from .doctors import pages as doctor_pages
from .entry import pages as entry_pages
from .holders import Holder, Holders
from .home import pages as home_pages
from .notices import pages as notice_pages
from .own_data import pages as own_data_pages
from .prescriptions import pages as prescription_pages
from .pushes import Pushes
from .readings import pages as reading_pages
from .registration import pages as registration_pages
from .requests import pages as request_pages
from .services import PhonePage, Services

NAME = _("Навчальна Дія")
VAULT = "esoz.sandbox.diia.vault"
BRANCHES = ("mis", "cabinet")
REGISTRATION_KEPT = timedelta(days=1)
INBOX_SECONDS = 3.0

CONTEXTS = (
    entry_pages,
    registration_pages,
    home_pages,
    doctor_pages,
    prescription_pages,
    notice_pages,
    reading_pages,
    own_data_pages,
    change_pages,
    request_pages,
)
NAVIGATION = (
    (_("Головна"), "/"),
    (_("Мій лікар"), "/doctor"),
    (_("Рецепти"), "/prescriptions"),
    (_("Сповіщення"), "/notices"),
    (_("Хто переглядав дані"), "/readings"),
    (_("Мої дані"), "/person"),
)


class Telephone:
    """The telephone as an ASGI application; it opens its database and starts its works in its lifespan."""

    def __init__(self, services: Services, profile: Profile[Services, Holder]) -> None:
        self.services, self.profile = services, profile
        contexts = [[replace(route, handler=explained(route.handler)) for route in pages] for pages in CONTEXTS]
        self.site: Site[Services, Holder] = Site(
            contexts, profile=profile, services=services, database=services.database, clock=services.clock
        )
        for environment in self.site.environments.values():
            environment.globals["described"] = services.dictionaries.describe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
            return
        if scope["path"].startswith(PREFIX):
            request = Request(scope, receive)
            answer = await self.services.pushes.answer(request) or await self.services.acquirers.answer(request)
            await answer(scope, receive, send)
            return
        told = await plumbing(scope["path"], self.services.database, self.services.supervisor.failing)
        await (told or self.site)(scope, receive, send)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        services = self.services
        await services.database.open()
        async with services.supervisor.running(self._works()):
            yield
        await services.inbox.aclose()
        await services.central.close()
        await services.database.close()

    def _works(self) -> Sequence[Periodic]:
        refresh = understood(self._refresh)
        return (
            Periodic("dictionaries", timedelta(seconds=15), refresh, passing=(CentralError,)),
            Periodic("cleaning", timedelta(minutes=5), self.clean),
        )

    async def _refresh(self) -> None:
        if self.services.dictionaries.is_stale(self._now):
            await self.services.dictionaries.refresh(self.services.central, self._now)

    async def clean(self) -> None:
        """Forget sessions that are over and registrations that nobody has signed."""
        async with self.services.database.transaction() as db:
            await delete_expired(db, self._now, self.profile.terms)
            await store.forget_old_registrations(db, self._now - REGISTRATION_KEPT)

    @property
    def _now(self) -> datetime:
        return self.services.clock.now()


def make_app(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    back: httpx.AsyncBaseTransport | None = None,
) -> Telephone:
    """The telephone over its own database. RuntimeError outside the sandbox, for it signs with the keys of demo people.

    `transport` leads to central and the inbox, `back` to the callbacks of acquirers, another way than by the network.
    """
    if not settings.sandbox:
        raise RuntimeError("The simulator of Diia runs in the sandbox only: ESOZ_SANDBOX=1")
    callbacks = {part: f"{settings.url(part)}/signing/callback/{SANDBOX_KEY}" for part in BRANCHES}
    holders = Holders(settings.var / TABLE)
    services = Services(
        central=Central(settings.url("central"), api_key=api_key("diia"), transport=transport),
        client=OAuthClient(DIIA_ID, client_secret("diia")),
        database=database,
        clock=clock,
        vault=Vault(settings.secret(), VAULT),
        holders=holders,
        acquirers=Acquirers(settings.url("diia"), callbacks, back),
        pushes=Pushes(clock, partial(has_application, holders, database)),
        dictionaries=Dictionaries(SHOWN, in_print),
        inbox=httpx.AsyncClient(base_url=settings.url("inbox"), timeout=INBOX_SECONDS, transport=transport),
        places=asyncio.Semaphore(max(settings.number("ESOZ_POOL_SIZE") - 2, 1)),
    )
    made = Telephone(services, _profile(settings, services.holders, services.vault))
    made.site.admission = Admission.of(settings)
    return made


async def has_application(holders: Holders, database: Database, tax_id: str) -> bool:
    """Whether a push reaches somebody: a holder who is signed in to ЕСОЗ here."""
    holder = holders.by_tax_id(tax_id)
    if holder is None:
        return False
    async with database.connection() as db:
        return await store.is_signed_in(db, holder.id)


def _profile(settings: Settings, holders: Holders, vault: Vault) -> Profile[Services, Holder]:
    async def load_user(_db: Connection, id: UUID) -> Holder | None:
        return holders.find(id)

    return Profile(
        key="diia",
        package="esoz.sandbox.diia",
        name=NAME,
        base_url=settings.url("diia"),
        version=version("esoz"),
        load_user=load_user,
        navigation=_navigation,
        sign_in="/holder",
        terms=Terms.of(settings),
        max_body=settings.number("ESOZ_MAX_BODY"),
        vault=vault,
    )


def _navigation(page: PhonePage) -> list[NavItem]:
    if page.visitor is None:
        return []
    return [NavItem(page.gettext(text), href) for text, href in NAVIGATION]
