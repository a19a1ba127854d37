"""Questions about licenses."""

from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from . import store
from .model import Event, LicenseFilter, LicenseRecord


async def licenses(work: Work, filters: LicenseFilter, page: Page) -> tuple[list[LicenseRecord], Paged]:
    """A page of licenses; a clinic sees its own only."""
    work.record(Event.LICENSES_READ, work.actor.client_id or "")
    return await store.licenses(work.db, own(work.actor), filters, page)
