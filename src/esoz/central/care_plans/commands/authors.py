"""Who writes and who ends: the caller, by their own key."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.central.dictionaries import dictionaries
from esoz.central.organisations import known_legal_entity, must_be_acting
from esoz.central.workforce import Employee, known_employee, known_employees_of_user, known_party_of_user
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.fhir import CodeableConcept
from esoz.kernel.signed import must_be_signed_by
from esoz.kernel.work import Signer, Work

from .. import policy
from ..model.plans import WRITERS, reason_faults

FIELD = "$.signed_data"


async def must_write(work: Work, employee_id: UUID, *, root: str = "$") -> Employee:
    """CP-1: the author is the caller, who treats in an acting clinic. Raises Rejected, Conflict."""
    try:
        employee = await known_employee(work, employee_id)
    except NotFound as fault:
        raise rejected(f"{root}.author.identifier.value", "Employee with such ID is not found") from fault
    policy.must_write(employee, work.actor.client_id, is_caller=await _is_caller(work, employee))
    must_be_acting(await known_legal_entity(work, employee.legal_entity_id))
    return employee


async def _is_caller(work: Work, employee: Employee) -> bool:
    try:
        party = await known_party_of_user(work, policy.user_of(work.actor))
    except Forbidden:
        return False
    return party.id == employee.party.id


def must_be_signed(signer: Signer, employee: Employee) -> None:
    """CP-1: the key is the author's. Raises Conflict, Rejected."""
    if not signer.drfo:
        raise Conflict("Invalid drfo")
    must_be_signed_by(signer, employee.party.tax_id, field=FIELD)


async def must_end(work: Work) -> Employee:
    """CP-11: whoever treats in the clinic of the plan may end it. Raises Conflict."""
    clinic = work.actor.client_id
    assert clinic is not None  # the plan was found to be this clinic's
    own = await known_employees_of_user(work, policy.user_of(work.actor), clinic)
    for employee in own:
        if employee.works and employee.employee_type in WRITERS:
            return employee
    raise Conflict("Employee is not an active doctor")


def must_be_reason(reason: CodeableConcept, system: str, entry: str) -> None:
    """CP-11: the reason is of its dictionary. Raises Rejected."""
    must_hold(reason_faults(reason, system, dictionaries.codes(system), entry))


def specialities_of(employee: Employee) -> frozenset[str]:
    own = {each.speciality for each in employee.education.specialities} | {employee.speciality}
    return frozenset(each for each in own if each)


def kept(content: Mapping[str, Any], *without: str) -> Mapping[str, Any]:
    """What of a signed document is kept: as it was signed, but for what is empty and what stands in columns."""
    return {name: value for name, value in content.items() if value not in (None, []) and name not in without}
