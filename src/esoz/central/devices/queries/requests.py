"""Questions about requests: of clinics, of pharmacies, of patients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from esoz.central.device_definitions import participations
from esoz.central.notices import Kind, last_about, must_be_printed
from esoz.central.organisations import known_division, known_legal_entity
from esoz.central.people import ContactMethod, contact_method, find_person, patient_of
from esoz.central.programmes import Programme, known_programme, known_settings
from esoz.central.records import EPISODES, Hidden, find_episode, hidden_from
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.work import Work

from .. import policy
from ..model import Event, Request, Status
from ..model import requests as rules
from ..model.codes import code_of
from ..model.dispenses import HOLD
from ..model.orders import NO_PARTICIPANTS, Participation
from ..model.views import FoundRequest, RequestView
from ..store import dispenses, requests

INFORM_WITH = "$.inform_with"
WITH_CODE = (Kind.DEVICE_REQUEST_CREATED, Kind.DEVICE_REQUEST_SENT_AGAIN)
OWN = "own_legal_entity"


async def find(work: Work, person_id: UUID, request_id: UUID) -> RequestView:
    """A request of our clinic, of a patient who is open to us, or any one for a pharmacy (DVR-16)."""
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    request = await requests.find(work.db, person_id, request_id)
    is_ours = request.legal_entity_id == work.actor.client_id
    rule = OWN
    if not is_ours and not policy.dispenses(legal_entity):
        ids = frozenset(id for id in (request.id, request.episode_id) if id is not None)
        rule = await policy.must_be_granted(work, person_id, ids)
    work.record(Event.READ, request.id, patient_id=person_id, rule=rule)
    contact = await contact_method(work, person_id, request.inform_with, field=INFORM_WITH)
    taken, _ = await dispenses.taken(work.db, person_id, request.id, work.now - HOLD)
    code = await _printed_code(work, request, contact) if is_ours else None
    return RequestView(await _told(work, request), rules.remaining(request, taken), contact, code)


async def named_request(work: Work, person_id: UUID, request_id: UUID, rule: str) -> RequestView:
    """CM-13: a request that a document of a context above names, to who may read that one. Raises NotFound."""
    request = await requests.find(work.db, person_id, request_id)
    work.record(Event.READ, request.id, patient_id=person_id, rule=rule)
    contact = await contact_method(work, person_id, request.inform_with, field=INFORM_WITH)
    taken, _ = await dispenses.taken(work.db, person_id, request.id, work.now - HOLD)
    return RequestView(await _told(work, request), rules.remaining(request, taken), contact)


async def _told(work: Work, request: Request) -> Request:
    """AB-7: a record that a forbidden group hides from the reader is pointed at, and nobody says what it is."""
    return _without_words(request, await hidden_from(work, request.person_id))


def _without_words(request: Request, hidden: Hidden) -> Request:
    return replace(request, document=hidden.without_words(request.document)) if hidden.ids else request


async def _printed_code(work: Work, request: Request, contact: ContactMethod) -> str | None:
    """DVR-10: the code for who wrote it, when no message goes to a phone or none came; for nobody else."""
    if request.program_id is None or request.status is not Status.ACTIVE:
        return None
    if rules.is_told_by_phone(await known_settings(work, request.program_id), contact):
        last = await last_about(work.db, request.person_id, request.id, WITH_CODE)
        if not must_be_printed(last):
            return None
    return code_of(request, secret=work.dependencies.secret)


async def search(
    work: Work, person_id: UUID, filters: Mapping[str, object], page: Page
) -> tuple[Sequence[Request], Paged]:
    """A patient's requests, the newest first. Raises Forbidden when the list could hold what the caller may not see."""
    await find_person(work.db, person_id)
    rule = OWN
    if filters.get("requester_legal_entity") != work.actor.client_id:
        episode_id = filters.get("context_episode_id")
        ids = frozenset({episode_id} if isinstance(episode_id, UUID) else ())
        rule = await policy.must_be_granted(work, person_id, ids)
    paged = await requests.search(work.db, page, person_id, filters)
    work.record(Event.READ, person_id, patient_id=person_id, rule=rule)
    hidden = await hidden_from(work, person_id)
    return [_without_words(requests.request(row), hidden) for row in paged.rows], paged


async def by_number(work: Work, requisition: str) -> FoundRequest | None:
    """The request of a number, for who hands it over and for its own clinic; None when there is none (DVR-16)."""
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    found = await requests.by_number(work.db, requisition.strip().upper())
    if found is None or not (policy.dispenses(legal_entity) or found.legal_entity_id == work.actor.client_id):
        work.record(Event.SEARCHED, policy.client_of(work.actor))
        return None
    work.record(Event.READ, found.id, patient_id=found.person_id)
    return FoundRequest(await _told(work, found), await find_person(work.db, found.person_id))


async def context(work: Work, person_id: UUID, request_id: UUID) -> tuple[Request, str]:
    """What one asks an approval for: the episode in which a request was written, and its name."""
    request = await requests.find(work.db, person_id, request_id)
    work.record(Event.READ, request.id, patient_id=person_id, rule="context")
    if request.episode_id is None:
        return request, ""
    if (await hidden_from(work, person_id)).has(EPISODES, request.episode_id):
        return replace(request, episode_id=None), ""
    return request, (await find_episode(work.db, person_id, request.episode_id)).name


async def own_requests(work: Work, page: Page) -> tuple[Sequence[tuple[Request, Decimal]], Paged]:
    """The requests of the patient who asks, the newest first."""
    person_id = patient_of(work.actor)
    paged = await requests.search(work.db, page, person_id, {})
    found = [requests.request(row) for row in paged.rows]
    work.record(Event.OWN_READ, person_id, patient_id=person_id)
    taken = await dispenses.taken_of(work.db, person_id, [each.id for each in found], work.now - HOLD)
    return [(each, rules.remaining(each, taken[each.id])) for each in found], paged


async def own_request(work: Work, request_id: UUID) -> RequestView:
    """One of them with the code that is told where the device is handed over."""
    person_id = patient_of(work.actor)
    request = await requests.find(work.db, person_id, request_id)
    work.record(Event.OWN_READ, request.id, patient_id=person_id)
    contact = await contact_method(work, person_id, request.inform_with, field=INFORM_WITH)
    taken, _ = await dispenses.taken(work.db, person_id, request.id, work.now - HOLD)
    code = code_of(request, secret=work.dependencies.secret)
    return RequestView(request, rules.remaining(request, taken), contact, code)


@dataclass(frozen=True, slots=True)
class Qualification:
    """Whether a programme allows to hand over now, and which devices by it."""

    programme: Programme
    reason: str
    participants: Sequence[Participation]


async def qualify(
    work: Work, request_id: UUID, division_id: UUID, programme_ids: Sequence[UUID]
) -> list[Qualification]:
    """What may be handed over by a request, by programme (DVR-18)."""
    policy.must_be_let_qualify(work.actor)
    request = await requests.find(work.db, await requests.person_of(work.db, request_id), request_id)
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    if not policy.dispenses(legal_entity):
        policy.must_be_ours(work.actor, request)
    await _must_be_our_division(work, division_id)
    rules.must_be_open(request, work.today)
    work.record(Event.QUALIFIED, request.id, patient_id=request.person_id)
    return [await _qualified(work, request, n, each) for n, each in enumerate(programme_ids)]


async def _must_be_our_division(work: Work, division_id: UUID) -> None:
    try:
        division = await known_division(work, division_id)
    except NotFound as fault:
        raise rejected("$.location.identifier.value", "Division not found") from fault
    if division.legal_entity_id != work.actor.client_id:
        raise Forbidden("Division doesn't belong to the legal entity")
    if not division.acts:
        raise Conflict("Division is not active")


async def _qualified(work: Work, request: Request, place: int, programme_id: UUID) -> Qualification:
    try:
        programme = await known_programme(work, programme_id)
    except NotFound as fault:
        raise rejected(f"$.programs[{place}].identifier.value", "Medical program not found") from fault
    found = await participations(work.db, programme.id, rules.device_of(request), work.today)
    may_change = programme.settings.medical_program_change_on_dispense_allowed
    if programme.id != request.program_id and not may_change:
        return Qualification(programme, rules.ANOTHER_PROGRAMME, ())
    return Qualification(programme, "" if found else NO_PARTICIPANTS, found)
