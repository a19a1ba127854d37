"""Assembles mis: sections on one site, plumbing beside it, background works around it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from itertools import chain
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send

from esoz.gateways import certificates
from esoz.gateways.messages import senders
from esoz.gateways.signed_files import SignedFiles
from esoz.kernel import pages, signing
from esoz.kernel.admission import Admission
from esoz.kernel.clock import Clock
from esoz.kernel.db import Database
from esoz.kernel.lifespan import live
from esoz.kernel.metrics import plumbing
from esoz.kernel.outbox import OutboxSender
from esoz.kernel.pages import Profile, Site, Terms
from esoz.kernel.pages import mark as _
from esoz.kernel.settings import Settings
from esoz.kernel.signing import RemoteSigner, Signing
from esoz.kernel.strangers import StrangersLog
from esoz.kernel.supervision import Stoppable
from esoz.kernel.vault import Vault
from esoz.mis.base.dictionaries import Dictionaries
from esoz.mis.base.limits import Limits
from esoz.mis.base.routes import Acting, Gated
from esoz.mis.base.section import stands_below
from esoz.mis.base.services import VAULT, MisPage, MisPages, MisSection, Services, Verifier
from esoz.mis.base.support import Support
from esoz.mis.base.workplace import Worker
from esoz.mis.documents import sync
from esoz.mis.documents.sync import state_label
from esoz.mis.help.banners import shown_banners
from esoz.mis.link import dictionaries, errors
from esoz.mis.sign_in import login
from esoz.mis.sign_in.sessions import LOCK
from esoz.sdk import Central

from . import (
    background,
    care,
    clinic,
    conclusions,
    desk,
    devices,
    documents,
    exceptions,
    help,
    link,
    office,
    pharmacy,
    reception,
    referrals,
    sign_in,
    stock,
)

MIGRATIONS = ("esoz.kernel.sql", "esoz.mis.migrations")
NAME = "ЕСОЗ · Робоче місце"
ACCOUNT = _("Мій обліковий запис")
OTHER_PLACE = _("Змінити місце роботи")

# In the order of the navigation.
WINGS = (
    desk,
    sign_in,
    link,
    care,
    referrals,
    conclusions,
    reception,
    pharmacy,
    devices,
    stock,
    exceptions,
    office,
    documents,
    clinic,
    help,
)
SECTIONS: tuple[MisSection, ...] = tuple(section for wing in WINGS for section in wing.SECTIONS)


class Mis:
    """The workplace as an ASGI application; it opens its database and starts its works in its lifespan."""

    def __init__(self, settings: Settings, services: Services, remote: RemoteSigner | None = None) -> None:
        self.services = services
        ways = Signing(SignedFiles(services.verifier), remote, certificates.of_settings(settings))
        self.profile = _profile(settings, services, ways)
        phone: MisPages = signing.routes()
        gates = [gate for section in services.sections for gate in section.gates]
        contexts = [phone, *(Gated(errors.Explained(Acting(section.pages)), gates) for section in services.sections)]
        self.site: Site[Services, Worker] = Site(
            contexts, profile=self.profile, services=services, database=services.database, clock=services.clock
        )
        self.site.admission = Admission.of(settings)
        for environment in self.site.environments.values():
            environment.globals |= {"described": services.dictionaries.describe, "state_label": state_label}
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
            return
        answer = await plumbing(scope["path"], self.services.database, self.services.supervisor.failing)
        await (answer or self.site)(scope, receive, send)

    def works(self) -> Sequence[Stoppable]:
        """What runs beside the pages."""
        services = self.services
        return [
            sync.DocumentSender(services),
            OutboxSender(services.database, senders(self._settings), services.clock),
            *background.works(services, self.profile.terms),
            StrangersLog(services.database, services.clock),
            *chain.from_iterable(section.works(services) for section in services.sections),
        ]

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        await self.services.database.open()
        await dictionaries.load(self.services.database, self.services.dictionaries)
        async with self.services.supervisor.running(self.works()):
            yield
        await self.services.central.close()
        await self.services.database.close()


def make_app(
    settings: Settings,
    database: Database,
    central: Central,
    clock: Clock,
    *,
    verifier: Verifier,
    remote: RemoteSigner | None = None,
) -> Mis:
    """The workplace over its own database, with central as it is reached through the public API.

    `remote` asks for signatures on the user's phone; without it that way is not offered.
    """
    size = settings.number("ESOZ_POOL_SIZE")
    services = Services(
        central=central,
        database=database,
        clock=clock,
        vault=Vault(settings.secret(), VAULT),
        dictionaries=Dictionaries(),
        verifier=verifier,
        secret=settings.secret(),
        base_url=settings.url("mis"),
        calls=asyncio.Semaphore(max(size - 2, 1)),
        limits=Limits.of(settings),
        mail_from=settings.text("ESOZ_MAIL_FROM"),
        sections=SECTIONS,
        explanations=errors.explanations(SECTIONS),
        support=Support.of(settings),
    )
    return Mis(settings, services, remote)


def _profile(settings: Settings, services: Services, ways: Signing) -> Profile[Services, Worker]:
    central = urlsplit(services.central.url)
    return Profile(
        key="mis",
        package="esoz.mis",
        name=NAME,
        base_url=settings.url("mis"),
        version=version("esoz"),
        load_user=login.load_worker,
        joined_user=login.JOINED,
        navigation=_navigation,
        banners=shown_banners,
        links=_links,
        lock=LOCK,
        vault=services.vault,
        form_origins=(f"{central.scheme}://{central.netloc}",),
        terms=Terms(
            timedelta(minutes=settings.number("ESOZ_SESSION_IDLE_MINUTES")),
            timedelta(hours=settings.number("ESOZ_SESSION_HOURS")),
        ),
        max_body=settings.number("ESOZ_MAX_BODY"),
        signing=ways,
        footer=(pages.NavItem(_("Стан системи"), "/status"), pages.NavItem(_("Допомога"), "/help")),
    )


def _navigation(page: MisPage) -> list[pages.NavItem]:
    """Links that the user's role opens, in the page's language."""
    if page.visitor is None:
        return []
    items = [item for section in page.services.sections for item in section.nav if not stands_below(item)]
    return [pages.NavItem(page.gettext(item.text), item.href) for item in items if page.visitor.roles & set(item.roles)]


def _links(page: MisPage) -> list[pages.NavItem]:
    """The menu of the signed-in person."""
    items = [pages.NavItem(page.gettext(ACCOUNT), "/account")]
    if page.user.has_choice:
        items.append(pages.NavItem(page.gettext(OTHER_PLACE), "/workplaces"))
    return items
