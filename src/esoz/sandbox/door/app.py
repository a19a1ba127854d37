"""What the application of every door is made of: its pages on one site, plumbing beside it, works around it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from starlette.types import Receive, Scope, Send

from esoz.kernel.lifespan import live
from esoz.kernel.metrics import plumbing
from esoz.kernel.pages import NavItem, Profile, Site, delete_expired
from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.sdk import CentralError, understood

from . import store
from .answers import explained
from .changes import pages as change_pages
from .doctors import pages as doctor_pages
from .entry import pages as entry_pages
from .holders import Holder
from .home import pages as home_pages
from .own_data import pages as own_data_pages
from .prescriptions import pages as prescription_pages
from .readings import pages as reading_pages
from .registration import pages as registration_pages
from .services import DoorPage, DoorPages, Services

PACKAGE = "esoz.sandbox.door"
REGISTRATION_KEPT = timedelta(days=1)
CONTEXTS = (
    entry_pages,
    registration_pages,
    home_pages,
    doctor_pages,
    prescription_pages,
    reading_pages,
    own_data_pages,
    change_pages,
)
HOME = (_("Головна"), "/")
DOCTOR = (_("Мій лікар"), "/doctor")
PRESCRIPTIONS = (_("Рецепти"), "/prescriptions")
READINGS = (_("Хто переглядав дані"), "/readings")
PERSON = (_("Мої дані"), "/person")


class Door:
    """A door as an ASGI application; it opens its database and starts its works in its lifespan."""

    def __init__(self, services: Services, profile: Profile[Services, Holder], own: Sequence[DoorPages]) -> None:
        self.services, self.profile = services, profile
        contexts = [
            [replace(route, handler=explained(route.handler)) for route in pages] for pages in (*CONTEXTS, *own)
        ]
        self.site: Site[Services, Holder] = Site(
            contexts, profile=profile, services=services, database=services.database, clock=services.clock
        )
        for environment in self.site.environments.values():
            environment.globals["described"] = services.dictionaries.describe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await live(receive, send, self._life())
            return
        told = await plumbing(scope["path"], self.services.database, self.services.supervisor.failing)
        await (told or self.site)(scope, receive, send)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        services = self.services
        await services.database.open()
        async with services.supervisor.running(self._works()):
            yield
        await self.close()
        await services.database.close()

    async def close(self) -> None:
        """Close the ways to other programs."""
        await self.services.central.close()

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


def navigation(page: DoorPage, items: Sequence[tuple[str, str]]) -> list[NavItem]:
    """The bar of pages; before sign-in there is none."""
    return [NavItem(page.gettext(text), href) for text, href in items] if page.visitor else []
