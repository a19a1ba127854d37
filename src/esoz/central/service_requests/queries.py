"""Questions about referrals; each read leaves a line for the patient."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central.organisations import client_of
from esoz.central.people import Person, find_person, patient_of
from esoz.central.prepersons import Preperson, find_preperson
from esoz.central.programmes import find_programme
from esoz.central.records import Hidden, access_rule, find_episode, hidden_from
from esoz.central.services import offered_services, services_of_group
from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.fhir import Reference
from esoz.kernel.references import Answerable, Target
from esoz.kernel.work import Work

from . import policy, store
from .model import Event, ServiceRequest
from .model.filters import EpisodeFilter, NumberFilter, OwnFilter, RequestFilter
from .model.found import Found
from .model.orders import GROUP
from .model.programmes import Verdict, refusal
from .model.requests import read_requisition

KIND = "service_request"


async def requests(
    work: Work, person_id: UUID, wanted: RequestFilter, page: Page
) -> tuple[Sequence[ServiceRequest], Paged]:
    """A page of a patient's referrals. Raises Forbidden when the list could hold what the caller may not see, NotFound
    when there is no such patient.
    """
    clinic = work.actor.client_id
    own = clinic is not None and clinic in (wanted.requester_legal_entity, wanted.used_by_legal_entity)
    episodes = frozenset({wanted.episode_id} if wanted.episode_id else ())
    if wanted.episode_id is not None:
        own = own or await _holds(work, person_id, wanted.episode_id)
    rule = await access_rule(work, person_id, KIND, episodes, own=own)
    await _patient(work, person_id)
    paged = await store.search(work.db, person_id, wanted, page)
    work.record(Event.VIEWED, person_id, patient_id=person_id, rule=rule)
    hidden = await hidden_from(work, person_id)
    return [_without_words(store.request_of(row), hidden) for row in paged.rows], paged


async def requests_of_episode(
    work: Work, person_id: UUID, episode_id: UUID, wanted: EpisodeFilter, page: Page
) -> tuple[Sequence[ServiceRequest], Paged]:
    """A page of the referrals written in an episode. Raises NotFound (RD-3), Forbidden."""
    await find_episode(work.db, person_id, episode_id)
    return await requests(work, person_id, RequestFilter(status=wanted.status, episode_id=episode_id), page)


async def request(work: Work, person_id: UUID, id: UUID, *, episode_id: UUID | None = None) -> ServiceRequest:
    """A referral, in the context of an episode when it is given. Raises Forbidden, NotFound."""
    found = await store.find_or_none(work.db, person_id, id)
    # Who may see nothing of the patient is not told whether there is such a referral.
    ids = frozenset({id} | ({found.episode_id} if found and found.episode_id else set()))
    rule = await access_rule(work, person_id, KIND, ids, own=found is not None and policy.is_ours(work.actor, found))
    if found is None or episode_id not in (None, found.episode_id):
        raise NotFound(policy.NOT_FOUND)
    work.record(Event.VIEWED, id, patient_id=person_id, rule=rule)
    return await _told(work, found)


async def named_request(work: Work, person_id: UUID, id: UUID, rule: str) -> ServiceRequest:
    """CM-13: a referral that a document of a context above names, to who may read that one. Raises NotFound."""
    found = await store.find(work.db, person_id, id)
    work.record(Event.VIEWED, id, patient_id=person_id, rule=rule)
    return await _told(work, found)


async def _told(work: Work, found: ServiceRequest) -> ServiceRequest:
    """AB-7: a record that a forbidden group hides from the reader is pointed at, and nobody says what it is."""
    return _without_words(found, await hidden_from(work, found.person_id))


def _without_words(found: ServiceRequest, hidden: Hidden) -> ServiceRequest:
    return replace(found, content=hidden.without_words(found.content)) if hidden.ids else found


async def _holds(work: Work, person_id: UUID, episode_id: UUID) -> bool:
    try:
        episode = await find_episode(work.db, person_id, episode_id)
    except NotFound:
        return False
    return episode.managing_organization.id == work.actor.client_id


async def search(work: Work, wanted: NumberFilter, page: Page) -> tuple[Sequence[Found], Paged]:
    """SR-13: who has the number may see the referral, whichever clinic they work in; nothing is found by another."""
    client_of(work.actor)
    requisition = read_requisition(wanted.requisition)
    if requisition is None:
        work.record(Event.FOUND, "")
        return [], Paged((), page, 0)
    paged = await store.by_number(work.db, requisition, wanted.status, page)
    found = [store.request_of(row) for row in paged.rows]
    if not found:
        work.record(Event.FOUND, "")
    for each in found:
        work.record(Event.FOUND, each.id, patient_id=each.person_id)
    return [Found(await _told(work, each), await _patient(work, each.person_id)) for each in found], paged


async def _patient(work: Work, person_id: UUID) -> Person | Preperson:
    try:
        return await find_person(work.db, person_id)
    except NotFound:
        return await find_preperson(work.db, person_id)


async def person_of(work: Work, id: UUID) -> UUID:
    """Whose referral this is: who has its id has found it by its number (SR-13). Raises NotFound."""
    return await store.person_of(work.db, id)


async def qualify(work: Work, id: UUID, programme_ids: Sequence[UUID]) -> list[Verdict]:
    """Whether programmes pay the performer for a referral. Raises NotFound, Rejected."""
    person_id = await store.person_of(work.db, id)
    found = await store.find(work.db, person_id, id)
    services: Collection[UUID] = [found.code_id]
    if found.code_kind == GROUP:
        services = await services_of_group(work.db, found.code_id)
    verdicts = []
    for number, programme_id in enumerate(programme_ids):
        try:
            programme = await find_programme(work.db, programme_id)
        except NotFound as fault:
            raise rejected(f"$.programs[{number}].identifier.value", "Medical program not found") from fault
        offered = await offered_services(work.db, [programme_id], services)
        reason = refusal(programme, [each.service_id for each in offered], None)
        if not reason and found.program_id not in (None, programme_id):
            reason = "Medical program does not match the program of the service request"
        verdicts.append(Verdict(programme, reason))
    work.record(Event.QUALIFIED, id, patient_id=person_id)
    return verdicts


async def own_requests(work: Work, wanted: OwnFilter, page: Page) -> tuple[Sequence[ServiceRequest], Paged]:
    """A page of the referrals of the patient who asks, the newest first. Raises Forbidden when no patient does."""
    return await requests(work, patient_of(work.actor), RequestFilter(status=wanted.status), page)


async def own_request(work: Work, id: UUID) -> ServiceRequest:
    """A referral of the patient who asks. Raises Forbidden, NotFound."""
    return await request(work, patient_of(work.actor), id)


async def resolve_service_requests(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Answerable]:
    """EN-9, CE-10: the referrals of this patient among `ids`: in whose hands they are, and what they ask for."""
    found = await store.known(db, person_id, ids)
    return {id: await _answerable(db, each) for id, each in found.items()}


async def _answerable(db: Connection, request: ServiceRequest) -> Answerable:
    is_group = request.code_kind == GROUP
    services = await services_of_group(db, request.code_id) if is_group else [request.code_id]
    return Answerable(
        request.requisition,
        None if request.is_open else "Service request is not active or in progress",
        taken_by=request.used_by_legal_entity_id,
        category=request.category,
        services=frozenset(services),
        is_group=is_group,
        permitted=_permitted(request),
        ends_at=None if request.is_used else request.expires_at,
    )


def _permitted(request: ServiceRequest) -> tuple[Target, ...]:
    named = msgspec.convert(request.content.get("permitted_resources", ()), tuple[Reference, ...], strict=False)
    return tuple((each.kind, each.id) for each in named)
