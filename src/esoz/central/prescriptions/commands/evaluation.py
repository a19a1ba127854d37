"""Facts about what a doctor asks for, and the rules applied to them in the published order."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from esoz.central.care_plans import check_wish
from esoz.central.declarations import has_active_declaration
from esoz.central.medications import can_be_packed, known_dosage
from esoz.central.organisations import known_division, known_legal_entity, must_be_verified
from esoz.central.people import find_person, must_be_active
from esoz.central.programmes import (
    WITHOUT_PROGRAMME,
    Programme,
    Settings,
    known_participants,
    must_allow_prescribing,
)
from esoz.central.records import find_encounter
from esoz.central.workforce import Employee, known_employee
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.work import Work

from .. import policy
from ..model import Order, series
from ..model import drafts as rules
from ..model.facts import Facts
from ..model.series import Prior
from ..store import drafts as draft_rows
from ..store import references
from ..store import series as series_rows


def prescriber(employee: Employee) -> rules.Prescriber:
    """What the rules ask about the doctor."""
    own = {each.speciality for each in employee.education.specialities} | {employee.speciality}
    return rules.Prescriber(
        employee.employee_type,
        employee.status,
        employee.is_active,
        employee.legal_entity_id,
        frozenset(each for each in own if each),
    )


async def must_be_acceptable(work: Work, order: Order) -> Facts:
    """Find what the order is about and apply the rules that no programme changes (MR-2, MR-4, MR-9, MR-10)."""
    rules.must_have_good_dates(order, work.days)
    rules.must_have_unique_sequence(order.dosage_instruction)
    facts = await _find(work, policy.client_of(work.actor), order)
    rules.must_be_prescribing(facts.legal_entity.type, facts.legal_entity.status)
    must_be_verified(facts.legal_entity, work.now)
    rules.must_be_working(prescriber(facts.employee), facts.legal_entity.id)
    if not facts.division.acts or facts.division.legal_entity_id != facts.legal_entity.id:
        raise rejected(f"{rules.ROOT}.division_id", rules.ONLY_ACTIVE_DIVISIONS)
    try:
        must_be_active(facts.person)
    except Conflict as fault:
        raise Conflict("Only for active MPI record can create medication request!") from fault
    if facts.encounter["status"] == "entered_in_error":
        raise rejected(_CONTEXT, 'Entity in status "entered-in-error" can not be referenced')
    follows = await _prior(work, order)
    if not facts.dosage.is_active:
        raise rejected(f"{rules.ROOT}.medication_id", "Medication is not active")
    if (wish := rules.wish_of(order, order.person_id, rules.ROOT)) is not None:
        await check_wish(work, order.person_id, wish)
    return replace(facts, follows=follows)


_CONTEXT = f"{rules.ROOT}.context.identifier.value"


async def _prior(work: Work, order: Order) -> Prior | None:
    """The one before it in a series; None when the order begins none, whichever prescription it names."""
    if order.prior_prescription_id is None:
        return None
    prior = await series_rows.find_prior(work.db, order.person_id, order.prior_prescription_id)
    if prior is not None and series.is_next_of(order, prior, work.now):
        series.must_continue(order, prior)
        return prior
    named = order.prior_prescription_id
    rules.must_have_prior(named in await references.prescriptions(work.db, order.person_id, [named]))
    return None


async def _find(work: Work, legal_entity_id: UUID, order: Order) -> Facts:
    return Facts(
        legal_entity=await known_legal_entity(work, legal_entity_id),
        division=await _named("division_id", "Division", known_division(work, order.division_id)),
        employee=await _named("employee_id", "Employee", known_employee(work, order.employee_id)),
        person=await _named("person_id", "Person", find_person(work.db, order.person_id)),
        encounter=await _named(
            "context.identifier.value", "Entity", find_encounter(work.db, order.person_id, order.encounter_id)
        ),
        dosage=await _named("medication_id", "Medication", known_dosage(work, order.medication_id)),
    )


async def _named(field: str, thing: str, search: Any) -> Any:
    """What a search finds; a reference to nothing is a fault of its field."""
    try:
        return await search
    except NotFound as fault:
        raise rejected(f"{rules.ROOT}.{field}", f"{thing} not found") from fault


async def must_suit_programme(work: Work, order: Order, facts: Facts, programme: Programme | None) -> None:
    """Apply the rules that a programme's settings steer (MR-3, MR-6, MR-7, MR-8)."""
    settings = programme.settings if programme else WITHOUT_PROGRAMME
    if programme is not None:
        must_allow_prescribing(programme)
    rules.must_be_in_programme(prescriber(facts.employee), settings)
    await _must_have_declaration(work, order, settings, facts)
    rules.must_be_in_care_plan(order, settings)
    rules.must_fit_period(order, settings)
    if facts.follows is not None:
        series.must_allow_series(programme)
    rules.must_have_condition(settings, conditions_of(facts.encounter))
    if programme is not None:
        await _must_be_available(work, order, programme)
        if not order.is_plan and not settings.skip_mnn_in_treatment_period:
            await _must_not_be_early(work, order, facts, programme)


async def _must_have_declaration(work: Work, order: Order, settings: Settings, facts: Facts) -> None:
    if not settings.skip_medication_request_employee_declaration_verify:
        found = await has_active_declaration(work, order.person_id, employee_ids=[order.employee_id])
        rules.must_have_declaration(settings, with_employee=found, with_clinic=found)
    elif not settings.skip_medication_request_legal_entity_declaration_verify:
        found = await has_active_declaration(work, order.person_id, legal_entity_id=facts.legal_entity.id)
        rules.must_have_declaration(settings, with_employee=False, with_clinic=found)


async def _must_be_available(work: Work, order: Order, programme: Programme) -> None:
    parts = await known_participants(work, order.medication_id, programme.id)
    allowed = [(part, medication) for part, medication in parts if part.medication_request_allowed]
    if not allowed:
        raise rejected(f"{rules.ROOT}.medication_id", rules.NOTHING_IN_PROGRAMME)
    packages = [medication for _, medication in allowed if medication is not None]
    if packages and not can_be_packed(order.medication_qty, packages):
        raise rejected(f"{rules.ROOT}.medication_qty", rules.INDIVISIBLE)


async def _must_not_be_early(work: Work, order: Order, facts: Facts, programme: Programme) -> None:
    earlier = await draft_rows.earlier(work.db, order, facts.dosage.primary.id, programme.id, work.today)
    is_early = series.overlaps(order, earlier) if facts.follows else rules.is_too_early(order, earlier, work.today)
    if earlier is not None and is_early:
        first = rules.first_day(earlier)
        # The params tell from when it may be written and from when it may begin: a doctor need not guess.
        days = [str(first.created_at), str(first.started_at)]
        raise rejected(f"{rules.ROOT}.medical_program_id", rules.TOO_EARLY, params=days)


def conditions_of(encounter: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """Codes of an encounter's diagnoses by coding system."""
    found: dict[str, set[str]] = defaultdict(set)
    for diagnosis in encounter["document"].get("diagnoses", ()):
        for coding in diagnosis.get("code", {}).get("coding", ()):
            found[coding["system"]].add(coding["code"])
    return {system: frozenset(codes) for system, codes in found.items()}
