"""Questions about requests, answered to the clinic that made them."""

from dataclasses import replace
from uuid import UUID

from esoz.central import people
from esoz.central.uploads import Expected, Place, of_request, scan
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import policy
from .model import Event, PersonRequest, RequestFilter
from .model.papers import FOLDER as PAPERS
from .model.papers import OwnPapers
from .model.papers import Status as PapersStatus
from .model.relationships import RelationshipRequest
from .model.relationships import Status as RelationshipStatus
from .model.requests import FOLDER, OwnFilter
from .store import papers, relationships
from .store import requests as store


async def request(work: Work, version: int, id: UUID) -> tuple[PersonRequest, list[Expected]]:
    """One request with the links of papers that are still waited for. Raises NotFound."""
    found = await store.find(work.db, id)
    policy.must_be_ours(work.actor, found)
    if found.version != version:
        raise NotFound()
    work.record(Event.READ, id, patient_id=found.patient_id)
    return _as_of_now(work, found), await of_request(work, FOLDER, id)


async def requests(work: Work, filters: RequestFilter, page: Page) -> tuple[list[PersonRequest], Paged]:
    """A page of the clinic's requests; each patient whose name it shows has a line."""
    clinic = policy.clinic_of(work.actor)
    paged = await store.page(work.db, clinic, filters, page, work.now)
    found = [_as_of_now(work, store.as_request(row)) for row in paged.rows]
    work.record(Event.LISTED, clinic, found=len(found))
    for patient_id in {each.patient_id for each in found} - {None}:
        work.record(Event.LISTED, clinic, patient_id=patient_id)
    return found, paged


async def own_request(work: Work, id: UUID) -> tuple[PersonRequest, list[Expected]]:
    """What was asked about the person who asks now, with the links of papers still waited for. Raises NotFound."""
    person_id = people.patient_of(work.actor)
    found = await store.find(work.db, id)
    if found.patient_id != person_id and not found.is_by(person_id):
        raise NotFound()
    work.record(Event.OWN_READ, id, patient_id=person_id)
    return _as_of_now(work, found), await of_request(work, FOLDER, id)


async def own_requests(work: Work, filters: OwnFilter, page: Page) -> tuple[list[PersonRequest], Paged]:
    """A page of what was asked about the person who asks now, by themselves and by clinics, the newest first."""
    person_id = people.patient_of(work.actor)
    paged = await store.own_page(work.db, person_id, filters, page, work.now)
    work.record(Event.OWN_LISTED, person_id, patient_id=person_id)
    return [_as_of_now(work, store.as_request(row)) for row in paged.rows], paged


def _as_of_now(work: Work, found: PersonRequest) -> PersonRequest:
    return replace(found, status=found.status_at(work.now))


async def relationship_requests(
    work: Work, person_id: UUID, status: RelationshipStatus | None, page: Page
) -> tuple[list[RelationshipRequest], Paged]:
    """What the caller's clinic asked about who speaks for a person."""
    key = (person_id, policy.clinic_of(work.actor))
    paged = await relationships.page(work.db, key, status, page, now=work.now)
    work.record(Event.RELATIONSHIP_READ, person_id, patient_id=person_id)
    found = [relationships.as_request(row) for row in paged.rows]
    return [replace(each, status=each.status_at(work.now)) for each in found], paged


async def relationship_request(work: Work, person_id: UUID, id: UUID) -> RelationshipRequest:
    """One of them. Raises NotFound."""
    found = await relationships.find(work.db, person_id, id)
    if found.legal_entity_id != policy.clinic_of(work.actor):
        raise NotFound()
    work.record(Event.RELATIONSHIP_READ, id, patient_id=person_id)
    return replace(found, status=found.status_at(work.now))


async def waiting_papers_of(work: Work, person_id: UUID) -> OwnPapers | None:
    """What somebody has handed in and nobody has looked at; whoever shows it records its own line."""
    found = await papers.open_of(work.db, person_id)
    return found if found is not None and found.status is PapersStatus.COMPLETED else None


async def papers_waiting(work: Work, page: Page) -> tuple[list[OwnPapers], Paged]:
    """A page of what waits for somebody's look; whoever shows it records its own line."""
    paged = await papers.waiting(work.db, page)
    return [papers.as_papers(row) for row in paged.rows], paged


async def scan_of_papers(work: Work, person_id: UUID, type: str) -> bytes:
    """A scan of what waits for somebody's look. Raises NotFound."""
    found = await waiting_papers_of(work, person_id)
    if found is None or type not in found.types:
        raise NotFound()
    return await scan(work, Place(PAPERS, found.id, type))
