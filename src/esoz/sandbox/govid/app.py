"""Assembles the simulator of id.gov.ua."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from uuid import UUID

from starlette.types import Receive, Scope, Send

from esoz.kernel import signing
from esoz.kernel.admission import Admission
from esoz.kernel.clock import Clock
from esoz.kernel.db import Connection, Database
from esoz.kernel.lifespan import live
from esoz.kernel.metrics import plumbing
from esoz.kernel.pages import Profile, Site, Terms, delete_expired
from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing
from esoz.kernel.vault import Vault

from ..country import PORTAL_ID, TABLE, client_secret
from ..door.holders import Holder, Holders
from . import api, pages, store
from .model import Client
from .services import IdPages, Services

NAME = _("Навчальна ідентифікація")
PORTAL = _("Навчальний портал послуг")
VAULT = "esoz.sandbox.govid.vault"
CLIENT = "govid portal"  # names the portal's secret here


class Identity:
    """The simulator as an ASGI application."""

    def __init__(self, services: Services, profile: Profile[Services, Holder]) -> None:
        self.services, self.profile = services, profile
        phone: IdPages = signing.routes()
        self.site: Site[Services, Holder] = Site(
            (phone, pages.pages, api.pages),
            profile=profile,
            services=services,
            database=services.database,
            clock=services.clock,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
            return
        told = await plumbing(scope["path"], self.services.database, self.services.supervisor.failing)
        await (told or self.site)(scope, receive, send)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        await self.services.database.open()
        async with self.services.supervisor.running((Periodic("cleaning", timedelta(minutes=5), self.clean),)):
            yield
        await self.services.database.close()

    async def clean(self) -> None:
        """Forget what is over."""
        now = self.services.clock.now()
        async with self.services.database.transaction() as db:
            await delete_expired(db, now, self.profile.terms)
            await store.forget_old(db, now)


def make_app(settings: Settings, database: Database, clock: Clock, ways: Signing | None = None) -> Identity:
    """The simulator over its own database. RuntimeError outside the sandbox: a bank is a list of names here."""
    if not settings.sandbox:
        raise RuntimeError("The simulator of id.gov.ua runs in the sandbox only: ESOZ_SANDBOX=1")
    portal = Client(str(PORTAL_ID), client_secret(CLIENT), PORTAL, return_address(settings))
    services = Services(
        database, clock, Vault(settings.secret(), VAULT), Holders(settings.var / TABLE), {portal.id: portal}
    )
    made = Identity(services, _profile(settings, ways))
    made.site.admission = Admission.of(settings)
    return made


def return_address(settings: Settings) -> str:
    """Where browsers come back to the portal."""
    return f"{settings.url('portal')}/sign-in/back"


def _profile(settings: Settings, ways: Signing | None) -> Profile[Services, Holder]:
    async def nobody(_db: Connection, _id: UUID) -> Holder | None:
        return None

    return Profile(
        key="govid",
        package="esoz.sandbox.govid",
        name=NAME,
        base_url=settings.url("govid"),
        version=version("esoz"),
        load_user=nobody,
        navigation=lambda _page: (),
        form_origins=(settings.url("portal"),),
        terms=Terms.of(settings),
        max_body=settings.number("ESOZ_MAX_BODY"),
        signing=ways,
    )
