"""Questions about requests for declarations, each leaving a line that the patient can see."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central import uploads
from esoz.central.organisations import narrowed
from esoz.central.uploads import Expected
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from .. import policy
from ..model import DeclarationRequest, Event, RequestFilter
from ..model.requests import UPLOADS, OwnRequestFilter, Status
from ..store import requests as store


async def requests(work: Work, filters: RequestFilter, page: Page) -> Paged:
    """A page of requests; a clinic sees its own (DC-27). Each patient shown can see that it was shown."""
    limit = narrowed(work.actor, filters.legal_entity_id)
    found = await store.requests(work.db, msgspec.structs.replace(filters, legal_entity_id=limit), page, work.now)
    work.record(Event.REQUESTS_READ, work.actor.client_id or "")
    for row in found.rows:
        work.record(Event.REQUEST_READ, row["id"], patient_id=row["person_id"])
    return found


async def own_requests(work: Work, filters: OwnRequestFilter, page: Page) -> Paged:
    """Requests of the patient who asks (CB-6): `filters` name the person."""
    work.record(Event.OWN_REQUESTS_READ, filters.person_id, patient_id=filters.person_id)
    return await store.own_requests(work.db, filters, page, work.now)


async def own_request(work: Work, person_id: UUID, id: UUID) -> DeclarationRequest:
    """A request of the patient who asks, as it is now; another person's is NotFound (CB-6)."""
    found = await store.find(work.db, id)
    if found.person_id != person_id:
        raise NotFound()
    work.record(Event.OWN_REQUEST_READ, id, patient_id=person_id)
    return replace(found, status=found.status_at(work.now))


async def request(work: Work, id: UUID) -> tuple[DeclarationRequest, list[Expected]]:
    """One request as it is now, with links for the scans it still waits for; another clinic's is NotFound."""
    found = await store.find(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.REQUEST_READ, id, patient_id=found.person_id)
    shown = replace(found, status=found.status_at(work.now))
    is_new = shown.status is Status.NEW
    return shown, await uploads.of_request(work, UPLOADS, id) if is_new else []
