"""Assembles the cabinet: its pages on one site, plumbing beside it, works around it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version

import httpx
from starlette.types import Receive, Scope, Send

from esoz.kernel import signing
from esoz.kernel.admission import Admission
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.lifespan import live
from esoz.kernel.metrics import plumbing
from esoz.kernel.pages import NavItem, Profile, Site, Terms, active_sessions
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import in_print
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing
from esoz.kernel.strangers import StrangersLog
from esoz.kernel.supervision import Stoppable
from esoz.kernel.vault import Vault
from esoz.sdk import Dictionaries

from . import background
from .access import load_patient
from .access.pages import pages as access_pages
from .accesses.pages import pages as permission_pages
from .changes.pages import pages as change_pages
from .children.pages import pages as child_pages
from .choice.pages import pages as choice_pages
from .conclusions.pages import pages as conclusion_pages
from .connection import VAULT, Gateway
from .declarations.pages import pages as declaration_pages
from .devices.pages import pages as device_pages
from .dictionaries import NAMES as SHOWN
from .doctors.pages import pages as doctor_pages
from .errors.pages import explained
from .family.pages import banners
from .family.pages import pages as family_pages
from .home.pages import pages as home_pages
from .methods.pages import pages as method_pages
from .offers.pages import pages as offer_pages
from .own_data.pages import pages as own_data_pages
from .person.pages import pages as person_pages
from .plans.pages import pages as plan_pages
from .prescriptions.pages import pages as prescription_pages
from .readings.pages import pages as reading_pages
from .readings.sentences import REASONS, ROLES
from .record.pages import pages as record_pages
from .referrals.pages import pages as referral_pages
from .registration.pages import pages as registration_pages
from .services import CabinetPage, CabinetPages, Patient, Services
from .shares.pages import pages as share_pages
from .status.pages import pages as status_pages
from .status.watch import Watch

MIGRATIONS = ("esoz.kernel.sql", "esoz.cabinet.migrations")
NAME = _("ЕСОЗ · Кабінет пацієнта")

OWN_DATA = _("Завантажити мої дані")

CONTEXTS = (
    home_pages,
    access_pages,
    registration_pages,
    prescription_pages,
    referral_pages,
    conclusion_pages,
    plan_pages,
    share_pages,
    offer_pages,
    record_pages,
    reading_pages,
    declaration_pages,
    doctor_pages,
    choice_pages,
    permission_pages,
    own_data_pages,
    device_pages,
    person_pages,
    change_pages,
    method_pages,
    child_pages,
    family_pages,
    status_pages,
)
NAVIGATION = (
    (_("Головна"), "/"),
    (_("Мій лікар"), "/declarations"),
    (_("Рецепти"), "/prescriptions"),
    (_("Направлення"), "/referrals"),
    (_("Медична картка"), "/record"),
    (_("Хто переглядав дані"), "/readings"),
    (_("Мої дозволи"), "/accesses"),
    (_("Сім’я"), "/family"),
    (_("Мої дані"), "/person"),
)


class Cabinet:
    """The cabinet as an ASGI application; it opens its database and starts its works in its lifespan."""

    def __init__(self, services: Services, profile: Profile[Services, Patient]) -> None:
        self.services, self.profile = services, profile
        phone: CabinetPages = signing.routes()
        sessions: CabinetPages = active_sessions.session_pages()
        contexts = [
            [replace(route, handler=explained(route.handler)) for route in pages]
            for pages in (phone, sessions, *CONTEXTS)
        ]
        self.site: Site[Services, Patient] = Site(
            contexts,
            profile=profile,
            services=services,
            database=services.database,
            clock=services.clock,
        )
        for environment in self.site.environments.values():
            environment.globals["described"] = services.dictionaries.describe
            environment.globals |= {"reader_roles": ROLES, "reader_reasons": REASONS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
            return
        answer = await plumbing(scope["path"], self.services.database, self.services.supervisor.failing)
        await (answer or self.site)(scope, receive, send)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        await self.services.database.open()
        strangers = StrangersLog(self.services.database, self.services.clock)
        works: list[Stoppable] = [*background.works(self.services, self.profile.terms), strangers]
        async with self.services.supervisor.running(works):
            yield
        await self.services.gateway.close()
        await self.services.database.close()


def make_app(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    ways: Signing | None = None,
) -> Cabinet:
    """The cabinet over its own database; `transport` leads to central another way than by the network.

    `ways`: how signatures are taken and checked here; without it they go to central as they come.
    """
    vault = Vault(settings.secret(), VAULT)
    gateway = Gateway(settings.url("central"), vault, transport)
    services = Services(
        gateway=gateway,
        database=database,
        clock=clock,
        vault=vault,
        dictionaries=Dictionaries(SHOWN, in_print),
        watch=Watch(gateway, clock),
        places=asyncio.Semaphore(max(settings.number("ESOZ_POOL_SIZE") - 2, 1)),
        share_hours=settings.number("ESOZ_SHARE_HOURS"),
    )
    made = Cabinet(services, _profile(settings, ways))
    made.site.admission = Admission.of(settings)
    return made


def _profile(settings: Settings, ways: Signing | None) -> Profile[Services, Patient]:
    return Profile(
        key="cabinet",
        package="esoz.cabinet",
        name=NAME,
        base_url=settings.url("cabinet"),
        version=version("esoz"),
        load_user=load_patient,
        navigation=_navigation,
        links=_links,
        banners=banners,
        terms=Terms.of(settings),
        max_body=settings.number("ESOZ_MAX_BODY"),
        signing=ways,
    )


def _navigation(page: CabinetPage) -> list[NavItem]:
    if page.visitor is None:
        return []
    return [NavItem(page.gettext(text), href) for text, href in NAVIGATION]


def _links(page: CabinetPage) -> list[NavItem]:
    """The menu of the patient."""
    sessions = NavItem(page.gettext(active_sessions.LINK), active_sessions.PATH)
    return [sessions, NavItem(page.gettext(OWN_DATA), "/own-data")]
