"""Assembles the telephone: a door, with the API of acquirers beside its pages."""

import asyncio
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
from esoz.kernel.pages import Profile, Terms
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import in_print
from esoz.kernel.settings import Settings
from esoz.kernel.vault import Vault
from esoz.sdk import Central, Dictionaries, OAuthClient

from ..country import DIIA_ID, TABLE, api_key, client_secret
from ..door import app as door
from ..door import store
from ..door.dictionaries import NAMES as SHOWN
from ..door.holders import Holder, Holders
from ..door.services import DoorPage, Services
from .acquirers import PREFIX, Acquirers
from .entry import pages as entry_pages
from .keys import Keys
from .notices import pages as notice_pages
from .notices import sent_to
from .pushes import Pushes
from .requests import pages as request_pages
from .services import PhoneServices, phone

NAME = _("Навчальна Дія")
VAULT = "esoz.sandbox.diia.vault"
BRANCHES = ("mis", "cabinet", "portal")
INBOX_SECONDS = 3.0
OWN_PAGES = (entry_pages, notice_pages, request_pages)
NOTICES = (_("Сповіщення"), "/notices")
NAVIGATION = (door.HOME, door.DOCTOR, door.PRESCRIPTIONS, NOTICES, door.READINGS, door.PERSON)


class Telephone(door.Door):
    """The telephone as an ASGI application."""

    def __init__(self, services: PhoneServices, profile: Profile[Services, Holder]) -> None:
        super().__init__(services, profile, OWN_PAGES)
        self.phone = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and scope["path"].startswith(PREFIX):
            request = Request(scope, receive)
            answer = await self.phone.pushes.answer(request) or await self.phone.acquirers.answer(request)
            await answer(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def close(self) -> None:
        await super().close()
        await self.phone.inbox.aclose()


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
    services = PhoneServices(
        central=Central(settings.url("central"), api_key=api_key("diia"), transport=transport),
        client=OAuthClient(DIIA_ID, client_secret("diia")),
        database=database,
        clock=clock,
        vault=Vault(settings.secret(), VAULT),
        holders=holders,
        keys=Keys(settings.var / TABLE),
        acquirers=Acquirers(settings.url("diia"), callbacks, back),
        pushes=Pushes(clock, partial(has_application, holders, database)),
        dictionaries=Dictionaries(SHOWN, in_print),
        inbox=httpx.AsyncClient(base_url=settings.url("inbox"), timeout=INBOX_SECONDS, transport=transport),
        places=asyncio.Semaphore(max(settings.number("ESOZ_POOL_SIZE") - 2, 1)),
        sign=sign,
        notices=sent_to,
    )
    made = Telephone(services, _profile(settings, services))
    made.site.admission = Admission.of(settings)
    return made


async def sign(page: DoorPage, content: bytes) -> bytes:
    """Diia.Signature: the key is here. Raises KeyUnusable."""
    return phone(page).keys.of(page.user.tax_id).sign(content, page.now)


async def has_application(holders: Holders, database: Database, tax_id: str) -> bool:
    """Whether a push reaches somebody: a holder who is signed in to ЕСОЗ here."""
    holder = holders.by_tax_id(tax_id)
    if holder is None:
        return False
    async with database.connection() as db:
        return await store.is_signed_in(db, holder.id)


def _profile(settings: Settings, services: PhoneServices) -> Profile[Services, Holder]:
    async def load_user(_db: Connection, id: UUID) -> Holder | None:
        return services.holders.find(id)

    return Profile(
        key="diia",
        package="esoz.sandbox.diia",
        below=(door.PACKAGE,),
        name=NAME,
        base_url=settings.url("diia"),
        version=version("esoz"),
        load_user=load_user,
        navigation=lambda page: door.navigation(page, NAVIGATION),
        sign_in="/holder",
        terms=Terms.of(settings),
        max_body=settings.number("ESOZ_MAX_BODY"),
        vault=services.vault,
    )
