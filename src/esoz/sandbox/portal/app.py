"""Assembles the portal: a door whose people come from id.gov.ua and sign with a key in the browser, or with Diia."""

import asyncio
from datetime import timedelta
from importlib.metadata import version
from uuid import UUID

import httpx

from esoz.gateways.govid import Account, GovId
from esoz.kernel import signing
from esoz.kernel.admission import Admission
from esoz.kernel.clock import Clock
from esoz.kernel.db import Connection, Database
from esoz.kernel.pages import Profile, Terms
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import in_print
from esoz.kernel.settings import Settings
from esoz.kernel.signing import Signing
from esoz.kernel.vault import Vault
from esoz.sdk import Central, Dictionaries, OAuthClient

from ..country import PORTAL_ID, TABLE, api_key, client_secret
from ..door import app as door
from ..door.dictionaries import NAMES as SHOWN
from ..door.holders import Holder, Holders
from ..door.services import DoorPage, DoorPages, Services
from . import store
from .entry import BACK
from .entry import pages as entry_pages
from .services import PortalServices

NAME = _("Навчальний портал послуг")
VAULT = "esoz.sandbox.portal.vault"
NAVIGATION = (door.HOME, door.DOCTOR, door.PRESCRIPTIONS, door.READINGS, door.PERSON)
KEPT = timedelta(days=1)  # who has come in, at least


class Portal(door.Door):
    """The portal as an ASGI application."""

    def __init__(self, services: PortalServices, profile: Profile[Services, Holder]) -> None:
        phone: DoorPages = signing.routes()
        super().__init__(services, profile, (phone, entry_pages))

    async def clean(self) -> None:
        await super().clean()
        kept = max(KEPT, self.profile.terms.absolute)
        async with self.services.database.transaction() as db:
            await store.forget_old(db, self.services.clock.now() - kept)


def make_app(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    ways: Signing,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Portal:
    """The portal over its own database. RuntimeError outside the sandbox, for the registers are the demo country's.

    `ways`: how signatures are taken; `transport` leads to central and to id.gov.ua another way than by the network.
    """
    if not settings.sandbox:
        raise RuntimeError("The portal runs in the sandbox only: ESOZ_SANDBOX=1")
    account = Account(
        settings.url("govid"), str(PORTAL_ID), client_secret("govid portal"), f"{settings.url('portal')}{BACK}"
    )
    services = PortalServices(
        central=Central(settings.url("central"), api_key=api_key("portal"), transport=transport),
        client=OAuthClient(PORTAL_ID, client_secret("portal")),
        database=database,
        clock=clock,
        vault=Vault(settings.secret(), VAULT),
        dictionaries=Dictionaries(SHOWN, in_print),
        places=asyncio.Semaphore(max(settings.number("ESOZ_POOL_SIZE") - 2, 1)),
        sign=sign,
        govid=GovId(account, transport),
        registers=Holders(settings.var / TABLE),
    )
    made = Portal(services, _profile(settings, services, ways))
    made.site.admission = Admission.of(settings)
    return made


async def sign(page: DoorPage, content: bytes) -> bytes:
    """By whatever way the form was sent: the key never leaves the browser. Raises Rejected, Detour."""
    [document] = await signing.receive(page, [content], tax_id=page.user.tax_id)
    return document


def _profile(settings: Settings, services: PortalServices, ways: Signing) -> Profile[Services, Holder]:
    async def load_user(db: Connection, id: UUID) -> Holder | None:
        known = await store.find(db, services.vault, id)
        if known is None:
            return None
        found = services.registers.by_tax_id(known.tax_id)
        return Holder(known.tax_id, known.name, found.papers if found else None)

    return Profile(
        key="portal",
        package="esoz.sandbox.portal",
        below=(door.PACKAGE,),
        name=NAME,
        base_url=settings.url("portal"),
        version=version("esoz"),
        load_user=load_user,
        navigation=lambda page: door.navigation(page, NAVIGATION),
        form_origins=(settings.url("govid"),),
        terms=Terms.of(settings),
        max_body=settings.number("ESOZ_MAX_BODY"),
        vault=services.vault,
        signing=ways,
    )
