"""Requests of institutions and supplies by them; a supplier sees its own only."""

from uuid import UUID

from esoz.central import uploads
from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from .. import policy
from ..model import Event
from ..model.wholesale import SCANS, Supplied, SupplyFilter, Whole, WholesaleFilter, WholesaleRequest
from ..store import wholesale as store


async def journal(work: Work, filters: WholesaleFilter, page: Page) -> tuple[list[WholesaleRequest], Paged]:
    """A page of requests."""
    work.record(Event.WHOLESALE_REQUESTS_READ, work.actor.client_id or "")
    return await store.journal(work.db, own(work.actor), filters, page)


async def supplies(work: Work, filters: SupplyFilter, page: Page) -> tuple[list[Supplied], Paged]:
    """A page of supplies, each with its request."""
    work.record(Event.WHOLESALE_SUPPLIES_READ, work.actor.client_id or "")
    listed, paged = await store.supplies(work.db, own(work.actor), filters, page)
    requests = await store.found(work.db, {each.wholesale_request_id for each in listed})
    return [Supplied(each, requests[each.wholesale_request_id]) for each in listed], paged


async def one(work: Work, id: UUID) -> Whole:
    """One request; another's is NotFound."""
    found = await store.find(work.db, id)
    policy.must_be_ours(work.actor, found.legal_entity_id)
    work.record(Event.WHOLESALE_REQUEST_READ, id)
    return Whole(found, await store.supplies_of(work.db, id), await uploads.of_request(work, SCANS, id))
