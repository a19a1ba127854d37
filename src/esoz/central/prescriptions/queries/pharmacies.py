"""Questions of pharmacies: a prescription by its number, what may be dispensed by it, their own dispenses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from esoz.central.medications import Medication
from esoz.central.organisations import known_division, known_legal_entity
from esoz.central.programmes import Participant, Programme, known_participants, known_programme
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.work import Work

from .. import policy
from ..model import Event, Request
from ..model import requests as rules
from ..model.codes import looks_like_number
from ..model.dispenses import SAME_DRUG, must_be_dispensing
from ..model.dispenses import Status as DispenseStatus
from ..model.drafts import NOT_IN_LIST
from ..model.filters import CountFilter, DispenseFilter
from ..store import dispenses, drafts, requests
from .prescriptions import DispenseView, RequestView, dispense_view, request_view


async def find_for_pharmacy(work: Work, id_or_number: str) -> RequestView:
    """Any prescription, by its id or its number (MR-20)."""
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    must_be_dispensing(legal_entity.type, legal_entity.status)
    request_id = await _id_of(work, id_or_number)
    person_id = await drafts.person_of(work.db, request_id)
    request = await requests.find(work.db, person_id, request_id)
    work.record(Event.REQUEST_READ, request.id, patient_id=person_id)
    return await request_view(work, request)


async def search_for_pharmacy(work: Work, number: str) -> list[RequestView]:
    """The prescription of a number, none when there is none (MR-20); blanks and small letters are forgiven."""
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    must_be_dispensing(legal_entity.type, legal_entity.status)
    number = number.strip().upper()
    try:
        request_id = await drafts.id_of_number(work.db, number) if looks_like_number(number) else None
        if request_id is None:
            raise NotFound()
        person_id = await drafts.person_of(work.db, request_id)
        request = await requests.find(work.db, person_id, request_id)
    except NotFound:  # no such number, or a draft that nobody signed
        work.record(Event.REQUEST_SEARCHED, policy.client_of(work.actor))
        return []
    work.record(Event.REQUEST_READ, request.id, patient_id=person_id)
    return [await request_view(work, request)]


async def _id_of(work: Work, id_or_number: str) -> UUID:
    if looks_like_number(id_or_number):
        return await drafts.id_of_number(work.db, id_or_number)
    try:
        return UUID(id_or_number)
    except ValueError as fault:
        raise NotFound() from fault


@dataclass(frozen=True, slots=True)
class ProgrammeQualification:
    """Whether a programme allows to dispense now, and which packages by it."""

    programme: Programme
    reason: str
    participants: Sequence[tuple[Participant, Medication]]


async def qualify(
    work: Work, request_id: UUID, division_id: UUID, programme_ids: Sequence[UUID]
) -> list[ProgrammeQualification]:
    """What may be dispensed by a prescription, by programme (MR-19)."""
    policy.must_be_let_qualify(work.actor)
    request = await requests.find(work.db, await drafts.person_of(work.db, request_id), request_id)
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    policy.must_be_within_reach(work.actor, request, legal_entity)
    await _must_be_our_division(work, division_id)
    rules.must_be_qualifiable(request, work.today)
    work.record(Event.REQUEST_QUALIFIED, request.id, patient_id=request.person_id)
    return [await _qualified(work, request, n, each) for n, each in enumerate(programme_ids)]


async def _must_be_our_division(work: Work, division_id: UUID) -> None:
    try:
        division = await known_division(work, division_id)
    except NotFound as fault:
        raise rejected("$.division_id", "Division not found") from fault
    if division.legal_entity_id != work.actor.client_id:
        raise Forbidden("Division doesn't belong to the legal entity")
    if not division.acts:
        raise Conflict("Division is not active")


async def _qualified(work: Work, request: Request, place: int, programme_id: UUID) -> ProgrammeQualification:
    try:
        programme = await known_programme(work, programme_id)
    except NotFound as fault:
        raise rejected(f"$.programs[{place}].id", "Medical program not found") from fault
    found = await known_participants(work, request.medication_id, programme.id)
    packages = [(part, medication) for part, medication in found if medication is not None]
    return ProgrammeQualification(programme, await _refusal(work, request, programme, packages), packages)


async def _refusal(
    work: Work, request: Request, programme: Programme, packages: Sequence[tuple[Participant, Medication]]
) -> str:
    """Why the programme does not allow it; empty when it does."""
    settings = programme.settings
    if programme.id != request.medical_program_id and not settings.medical_program_change_on_dispense_allowed:
        return "Medical program in dispense doesn't match the one in medication request"
    if not packages:
        return NOT_IN_LIST.format(programme.name)
    if not settings.skip_mnn_in_treatment_period and await requests.has_same_drug(work.db, request, programme.id):
        return SAME_DRUG
    return ""


async def find_dispense(work: Work, dispense_id: UUID) -> DispenseView:
    """A dispense of our pharmacy."""
    person_id = await dispenses.person_of(work.db, dispense_id)
    dispense = await dispenses.find(work.db, person_id, dispense_id)
    policy.must_be_ours(work.actor, dispense)
    request = await requests.find(work.db, person_id, dispense.medication_request_id)
    work.record(Event.DISPENSE_READ, dispense.id, patient_id=person_id)
    return dispense_view(work, dispense, request)


async def list_dispenses(work: Work, page: Page, wanted: DispenseFilter) -> tuple[list[DispenseView], Paged]:
    """Dispenses of our pharmacy, the oldest first; each patient shown is told of it."""
    own = policy.client_of(work.actor)
    if wanted.legal_entity_id not in (None, own):
        raise Forbidden("Access denied")
    names = ("id", "medication_request_id", "division_id", "care_plan_id")
    paged = await dispenses.search(
        work.db,
        page,
        now=work.now,
        status=wanted.status,
        dispensed=(wanted.dispensed_from, wanted.dispensed_to),
        filters={**{name: getattr(wanted, name) for name in names}, "legal_entity_id": own},
    )
    work.record(Event.DISPENSE_READ, own)
    for row in paged.rows:
        work.record(Event.DISPENSE_READ, row["id"], patient_id=row["person_id"])
    return await with_requests(work, paged), paged


async def count_dispenses(work: Work, wanted: CountFilter) -> Mapping[DispenseStatus, int]:
    """How much our pharmacy handed over, and what of it was taken back wholly since; of nobody in particular."""
    own = policy.client_of(work.actor)
    work.record(Event.DISPENSES_COUNTED, own)
    return await dispenses.count(work.db, own, (wanted.dispensed_from, wanted.dispensed_to), wanted.division_id)


async def with_requests(work: Work, paged: Paged) -> list[DispenseView]:
    """Dispenses of a page with their prescriptions, found together."""
    found = [dispenses.dispense(row) for row in paged.rows]
    keys = {(each.person_id, each.medication_request_id) for each in found}
    known: Mapping[UUID, Request] = await requests.find_many(work.db, keys)
    return [dispense_view(work, each, known[each.medication_request_id]) for each in found]
