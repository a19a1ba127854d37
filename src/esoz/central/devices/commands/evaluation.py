"""Facts about what a doctor asks for, and the rules applied to them in one order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from esoz.central.declarations import has_active_declaration
from esoz.central.device_definitions import definitions, participations
from esoz.central.organisations import LegalEntity, known_legal_entity, must_be_verified
from esoz.central.people import find_person, must_be_active
from esoz.central.prescriptions import conditions_of
from esoz.central.programmes import WITHOUT_PROGRAMME, Programme, Settings
from esoz.central.records import check_references, find_encounter
from esoz.central.workforce import Employee, known_employee
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.references import Target
from esoz.kernel.work import Work

from .. import policy
from ..model import Order
from ..model import orders as rules
from ..model.orders import Participation, Requester
from ..store import requests


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the rules ask about, found once."""

    person_id: UUID
    legal_entity: LegalEntity
    requester: Employee
    encounter: Mapping[str, Any]
    names: Mapping[Target, str]


def requester_of(employee: Employee) -> Requester:
    """What the rules ask about the doctor."""
    own = {each.speciality for each in employee.education.specialities} | {employee.speciality}
    works = employee.status == "APPROVED" and employee.is_active
    specialities = frozenset(each for each in own if each)
    return Requester(employee.employee_type, works, employee.legal_entity_id, specialities)


async def must_be_acceptable(
    work: Work, person_id: UUID, order: Order, content: Mapping[str, Any], root: str = "$"
) -> Facts:
    """Find what a request is about and apply the rules that no programme changes (DVR-1 … DVR-5)."""
    must_hold(rules.order_faults(order, work.now, root))
    clinic_id = policy.client_of(work.actor)
    legal_entity = await known_legal_entity(work, clinic_id)
    rules.must_be_prescribing(legal_entity.type, acts=legal_entity.acts)
    must_be_verified(legal_entity, work.now)
    must_be_active(await find_person(work.db, person_id))
    requester = await _requester(work, order, root)
    rules.must_be_working(requester_of(requester), clinic_id, root)
    names = await check_references(work, person_id, content, root=root, without=("program", "inform_with"))
    encounter = await find_encounter(work.db, person_id, order.encounter.id)
    if encounter["managing_organization_id"] != clinic_id:
        # DVR-4: what is asked for follows from one's own visit.
        raise rejected(f"{root}.encounter.identifier.value", "Encounter does not belong to the current legal entity")
    await _must_be_known_device(work, order, root)
    return Facts(person_id, legal_entity, requester, encounter, names)


async def _requester(work: Work, order: Order, root: str) -> Employee:
    try:
        return await known_employee(work, order.requester.id)
    except NotFound as fault:
        raise rejected(f"{root}.requester.identifier.value", "Employee with such ID is not found") from fault


async def _must_be_known_device(work: Work, order: Order, root: str) -> None:
    """DVR-5: there is a device of this code in the register; one that is named was found with the references."""
    if order.code is None:
        return
    code = order.code.system, order.code.code
    if not await definitions(work.db, code):
        raise rejected(f"{root}.code.coding[0].code", "Device definition with such code is not found")


async def must_suit_programme(
    work: Work, order: Order, facts: Facts, programme: Programme | None, root: str = "$"
) -> None:
    """Apply the rules that a programme's settings steer (DVR-6, DVR-7)."""
    if programme is None:
        return
    rules.must_be_for_devices(programme)
    settings = programme.settings
    rules.must_be_in_programme(requester_of(facts.requester), settings, root)
    await _must_have_declaration(work, order, facts, settings)
    rules.must_fit_settings(order, settings, conditions_of(facts.encounter), root)
    rules.must_be_available(order, await participants(work, order, programme), root)
    if not settings.skip_mnn_in_treatment_period:
        wanted = {"person_id": facts.person_id, **asked_for(order)}
        if await requests.has_overlapping(work.db, wanted, programme.id, work.today):
            raise Conflict(rules.OVERLAPS)


async def _must_have_declaration(work: Work, order: Order, facts: Facts, settings: Settings) -> None:
    if not settings.skip_medication_request_employee_declaration_verify:
        found = await has_active_declaration(work, facts.person_id, employee_ids=[order.requester.id])
        rules.must_have_declaration(settings, with_employee=found, with_clinic=found)
    elif not settings.skip_medication_request_legal_entity_declaration_verify:
        found = await has_active_declaration(work, facts.person_id, legal_entity_id=facts.legal_entity.id)
        rules.must_have_declaration(settings, with_employee=False, with_clinic=found)


async def participants(work: Work, order: Order, programme: Programme) -> Sequence[Participation]:
    """Devices of the programme that a request asks for, today."""
    device = order.code_reference.id if order.code_reference else None
    if device is None:
        assert order.code is not None  # a rule has seen that one of the two is there
        return await participations(work.db, programme.id, (order.code.system, order.code.code), work.today)
    return await participations(work.db, programme.id, device, work.today)


def asked_for(order: Order) -> dict[str, Any]:
    """What is asked for, for when, as the columns of a request have it."""
    return {
        "definition_id": order.code_reference.id if order.code_reference else None,
        "code_system": order.code.system if order.code else None,
        "code": order.code.code if order.code else None,
        "started_at": order.occurrence_period.start,
        "ended_at": order.ended_at,
    }


def settings_of(programme: Programme | None) -> Settings:
    """The settings of a programme, those of none when there is none."""
    return programme.settings if programme else WITHOUT_PROGRAMME
