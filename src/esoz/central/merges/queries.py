"""Questions about merge requests."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged, as_model
from esoz.kernel.work import Work

from . import policy, store
from .model import Event, MergeRequest, RequestFilter, status_at


async def requests(work: Work, filters: RequestFilter, page: Page) -> tuple[Sequence[MergeRequest], Paged]:
    """A page of requests of the caller's clinic."""
    work.record(Event.LIST_READ, work.actor.client_id or "")
    paged = await store.requests(work.db, own(work.actor), filters, work.now, page)
    found = [as_model(MergeRequest, {name: row[name] for name in MergeRequest.__slots__}) for row in paged.rows]
    for each in found:
        work.record(Event.READ, each.id, patient_id=each.master_person_id)
    return [replace(each, status=status_at(each, work.now)) for each in found], paged


async def request(work: Work, id: UUID) -> MergeRequest:
    """One request; another clinic's is NotFound."""
    found = await store.find_request(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.READ, id, patient_id=found.master_person_id)
    return replace(found, status=status_at(found, work.now))
