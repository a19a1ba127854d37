"""Questions about requests for declarations, each leaving a line that the patient can see."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central.organisations import narrowed
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from .. import policy
from ..model import DeclarationRequest, Event, RequestFilter
from ..store import requests as store


async def requests(work: Work, filters: RequestFilter, page: Page) -> Paged:
    """A page of requests; a clinic sees its own (DC-27). Each patient shown can see that it was shown."""
    limit = narrowed(work.actor, filters.legal_entity_id)
    found = await store.requests(work.db, msgspec.structs.replace(filters, legal_entity_id=limit), page, work.now)
    work.record(Event.REQUESTS_READ, work.actor.client_id or "")
    for row in found.rows:
        work.record(Event.REQUEST_READ, row["id"], patient_id=row["person_id"])
    return found


async def request(work: Work, id: UUID) -> DeclarationRequest:
    """One request as it is now; another clinic's is NotFound."""
    found = await store.find(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.REQUEST_READ, id, patient_id=found.person_id)
    return replace(found, status=found.status_at(work.now))
