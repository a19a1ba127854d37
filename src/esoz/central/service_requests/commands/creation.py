"""Writing a referral: whether programmes take it, then the signed one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from esoz.central.care_plans import check_wish, take
from esoz.central.organisations import known_legal_entity, must_be_acting
from esoz.central.people import ContactMethod
from esoz.central.prepersons import must_be_patient
from esoz.central.programmes import find_programme
from esoz.central.services import offered_services, services_of_group
from esoz.central.workforce import Employee, known_party_of_user
from esoz.kernel import documents
from esoz.kernel.decoding import read_signed
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.signed import must_be_signed_by, open_signed
from esoz.kernel.work import Signer, Work

from .. import policy, store
from ..content import kept
from ..model import Event, Order, PrequalifiedOrder, Processing, ServiceRequest, Status
from ..model.jobs import SignedOrder
from ..model.orders import GROUP, form_faults, order_faults, wish_of
from ..model.programmes import Asked, Verdict, refusal, services_asked
from ..model.requests import beginning, end_of_term, new_requisition
from .notices import contact_of, tell_created
from .submissions import CREATE_PATH, FIELD
from .surroundings import Gathered, gather

EMPLOYEE = "$.requester_employee.identifier.value"


async def prequalify(
    work: Work, person_id: UUID, order: PrequalifiedOrder, programme_ids: Sequence[UUID]
) -> tuple[list[Verdict], ContactMethod]:
    """Try a referral with each programme without storing anything; how the patient will be told of it.

    Raises Rejected, Conflict, NotFound.
    """
    await must_be_patient(work, person_id)
    must_hold(form_faults(order))
    gathered = await gather(work, person_id, order)
    must_hold(order_faults(order, gathered.around))
    await must_write(work, gathered.employee)
    if (wish := wish_of(order, person_id)) is not None:
        await check_wish(work, person_id, wish)
    places = [f"$.programs[{number}].identifier.value" for number in range(len(programme_ids))]
    verdicts = [
        await verdict(work, order, programme_id, gathered, place=place)
        for programme_id, place in zip(programme_ids, places, strict=True)
    ]
    contact = await contact_of(work, person_id, order.method_id)
    work.record(Event.PREQUALIFIED, person_id, patient_id=person_id)
    return verdicts, contact


async def verdict(
    work: Work, order: PrequalifiedOrder, programme_id: UUID, gathered: Gathered, *, place: str
) -> Verdict:
    """Whether a programme takes what is asked for. Raises Rejected naming `place` when there is no such programme."""
    try:
        programme = await find_programme(work.db, programme_id)
    except NotFound as fault:
        raise rejected(place, "Medical program not found") from fault
    members = await services_of_group(work.db, order.code.id) if order.code.kind == GROUP else ()
    offered = await offered_services(work.db, [programme_id], services_asked(order.code, members))
    asked = Asked(specialities_of(gathered.employee), gathered.diagnoses, order.care_plan_id is not None)
    return Verdict(programme, refusal(programme, [each.service_id for each in offered], asked))


def specialities_of(employee: Employee | None) -> frozenset[str]:
    if employee is None:
        return frozenset()
    own = {each.speciality for each in employee.education.specialities} | {employee.speciality}
    return frozenset(each for each in own if each)


async def create(work: Work, job: SignedOrder) -> ServiceRequest:
    """SR-1 … SR-6: check and store a signed referral, and tell the patient its number. Raises Rejected, Conflict."""
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    order = read_signed(signed.content, Order, work.dependencies.schemas.signed("POST", CREATE_PATH))
    must_hold(form_faults(order))
    gathered = await gather(work, job.person_id, order)
    must_hold(order_faults(order, gathered.around))
    await must_be_signed_by_requester(work, signed.signer, gathered.employee)
    if await store.is_known(work.db, order.id):
        raise rejected("$.id", f"Service request with id '{order.id}' already exists")
    if order.program is not None:
        await _must_suit(work, order, order.program.id, gathered)
    if (wish := wish_of(order, order.id)) is not None:
        await take(work, job.person_id, wish)
    contact = await contact_of(work, job.person_id, order.method_id)
    name = await documents.keep(work.db, f"service_requests/{order.id}", signed.document)
    content = kept(signed.content, gathered.names)
    request = _request(work, order, gathered, person_id=job.person_id, content=content, document=name)
    await store.add(work.db, request)
    await tell_created(work, request, contact)
    work.record(Event.CREATED, request.id, patient_id=request.person_id)
    return request


async def _must_suit(work: Work, order: Order, programme_id: UUID, gathered: Gathered) -> None:
    place = "$.program.identifier.value"
    found = await verdict(work, order, programme_id, gathered, place=place)
    if found.reason:
        raise rejected(place, found.reason)


async def must_write(work: Work, employee: Employee | None) -> Employee:
    """SR-1: the requester is the caller. Raises Rejected, Conflict."""
    if employee is None:
        raise rejected(EMPLOYEE, "Employee with such ID is not found")
    policy.must_write(employee, work.actor.client_id, is_caller=await _is_caller(work, employee))
    must_be_acting(await known_legal_entity(work, employee.legal_entity_id))
    return employee


async def must_be_signed_by_requester(work: Work, signer: Signer, employee: Employee | None) -> None:
    """SR-1: certificate, clinic and token are those of the requester. Raises Rejected, Conflict."""
    requester = await must_write(work, employee)
    if not signer.drfo:
        raise Conflict("Invalid drfo")
    must_be_signed_by(signer, requester.party.tax_id, field=FIELD)


async def _is_caller(work: Work, employee: Employee) -> bool:
    if work.actor.user_id is None:
        return False
    try:
        party = await known_party_of_user(work, work.actor.user_id)
    except Forbidden:
        return False
    return party.id == employee.party.id


def _request(
    work: Work, order: Order, gathered: Gathered, *, person_id: UUID, content: Mapping[str, Any], document: str
) -> ServiceRequest:
    assert work.actor.user_id is not None and work.actor.client_id is not None  # the requester is the caller
    now = work.performed_at
    processing = Processing.NEW if order.program else None
    return ServiceRequest(
        person_id=person_id,
        id=order.id,
        requisition=new_requisition(work.dependencies.random),
        status=Status.ACTIVE,
        **_asked(order),
        program_processing_status=processing,
        episode_id=gathered.episode_id,
        requester_legal_entity_id=work.actor.client_id,
        expires_at=end_of_term(work.now, work.dependencies.settings.number("ESOZ_SERVICE_REQUEST_DAYS")),
        content=content,
        signed_document=document,
        history=beginning(processing, now, work.actor.user_id),
        inserted_at=now,
        inserted_by=work.actor.user_id,
        updated_at=now,
    )


def _asked(order: Order) -> dict[str, Any]:
    """What of a signed referral it is found by."""
    return {
        "intent": order.intent,
        "category": order.category.code,
        "code_kind": order.code.kind,
        "code_id": order.code.id,
        "program_id": order.program.id if order.program else None,
        "encounter_id": order.context.id if order.context else None,
        "care_plan_id": order.care_plan_id,
        "requester_employee_id": order.requester_employee.id,
        "inform_with": order.method_id,
    }
