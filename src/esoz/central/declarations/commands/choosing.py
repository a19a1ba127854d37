"""Who may be chosen: the checks that a request, an approval and a declaration have in common."""

from dataclasses import dataclass
from uuid import UUID

from esoz.central.organisations import (
    Division,
    LegalEntity,
    known_division,
    known_legal_entity,
    must_be_acting,
    must_be_verified,
)
from esoz.central.people import Person, age, must_be_active
from esoz.central.workforce import Employee, EmployeeType, find_employee
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.work import Work

from ..model import may_choose

DECLARING = frozenset({"PRIMARY_CARE", "MSP"})  # DC-3


@dataclass(frozen=True, slots=True)
class Choice:
    """A doctor who may be chosen, with where they receive."""

    employee: Employee
    division: Division
    legal_entity: LegalEntity


async def chosen(work: Work, person: Person, employee_id: UUID, division_id: UUID, *, clinic: UUID | None) -> Choice:
    """The doctor whom a person may choose at a division; of `clinic` only, when it is given.

    Raises Rejected naming the field, Conflict when person or legal entity does not act.
    """
    # DC-3, DC-4, DC-5
    must_be_active(person)
    if person.death_date is not None:
        raise Conflict("Person is not active")
    employee = await _employee(work, employee_id, clinic)
    entity = await known_legal_entity(work, employee.legal_entity_id)
    must_be_acting(entity)
    must_be_verified(entity, work.now)
    if entity.type not in DECLARING:
        raise Conflict("Invalid legal entity type")
    division = await _division(work, division_id, employee)
    if not may_choose(employee.speciality, age(person.birth_date, work.today)):
        raise rejected("$.employee_id", "Doctor speciality doesn't match patient's age")
    return Choice(employee, division, entity)


async def _employee(work: Work, id: UUID, clinic: UUID | None) -> Employee:
    try:
        employee = await find_employee(work.db, id)
    except NotFound as fault:
        raise rejected("$.employee_id", "Employee does not exist") from fault
    if clinic not in (None, employee.legal_entity_id):
        raise rejected("$.employee_id", "Employee does not belong to legal entity.")
    if not employee.works:
        raise rejected("$.employee_id", "Employee is not approved")
    if employee.employee_type != EmployeeType.DOCTOR:
        raise rejected("$.employee_id", "Employee ID must reference a doctor.")
    return employee


async def _division(work: Work, id: UUID, employee: Employee) -> Division:
    try:
        division = await known_division(work, id)
    except NotFound as fault:
        raise rejected("$.division_id", "Division does not exist") from fault
    if division.legal_entity_id != employee.legal_entity_id:
        raise rejected("$.division_id", "Division does not belong to legal entity.")
    if not division.acts:
        raise rejected("$.division_id", "Division is not active")
    return division
