"""Questions about doctors that everybody may ask; each leaves a line, though nobody's secret is in the answer."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from esoz.central.healthcare_services import services_of_employees
from esoz.central.organisations import find_divisions, find_legal_entities
from esoz.central.workforce import Employee, find_employee, find_employees
from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import store
from .model import (
    DOCTORS,
    Doctor,
    DoctorInPerson,
    EmployeeSearch,
    Event,
    PartySearch,
    Service,
    Workplace,
    is_available,
)


async def doctors(work: Work, filters: EmployeeSearch, page: Page) -> tuple[Sequence[Doctor], Paged]:
    """A page of doctors at their places of work, by the alphabet."""
    work.record(Event.DOCTORS_SEARCHED, "")
    paged = await store.employees(work.db, filters, page)
    found = await find_employees(work.db, [row["id"] for row in paged.rows])
    return await _at_work(work.db, [found[row["id"]] for row in paged.rows]), paged


async def doctor(work: Work, id: UUID) -> Doctor:
    """One doctor who works now; anybody else is NotFound."""
    employee = await find_employee(work.db, id)
    if not employee.works or employee.employee_type not in DOCTORS or employee.division_id is None:
        raise NotFound()
    work.record(Event.DOCTOR_READ, id)
    [found] = await _at_work(work.db, [employee])
    if not found.division.acts:
        raise NotFound()
    return found


async def doctors_in_person(work: Work, filters: PartySearch, page: Page) -> tuple[Sequence[DoctorInPerson], Paged]:
    """A page of doctors as people, with all their places of work, by the alphabet."""
    work.record(Event.DOCTORS_LISTED, "")
    paged = await store.parties(work.db, filters, page)
    ids = [row["id"] for row in paged.rows]
    offices = await store.offices(work.db, ids)
    employees = await find_employees(work.db, [id for each in offices.values() for id in each])
    services = await _services(work.db, employees)
    specialities = await store.specialities(work.db, ids)
    found = []
    for party_id in ids:
        places = [Workplace(employees[id], services.get(id, ())) for id in offices[party_id]]
        party = places[0].employee.party
        found.append(DoctorInPerson(party, places, is_available(party, specialities.get(party_id, ()))))
    return found, paged


async def _at_work(db: Connection, employees: Sequence[Employee]) -> list[Doctor]:
    divisions = await find_divisions(db, [each.division_id for each in employees if each.division_id])
    entities = await find_legal_entities(db, [each.legal_entity_id for each in employees])
    specialities = await store.specialities(db, [each.party.id for each in employees])
    return [
        Doctor(
            each,
            divisions[each.division_id],
            entities[each.legal_entity_id],
            is_available(each.party, specialities.get(each.party.id, ())),
        )
        for each in employees
        if each.division_id
    ]


async def _services(db: Connection, employee_ids: Iterable[UUID]) -> dict[UUID, list[Service]]:
    given = await services_of_employees(db, list(employee_ids))
    every = [each for services in given.values() for each in services]
    divisions = await find_divisions(db, [each.division_id for each in every])
    entities = await find_legal_entities(db, [each.legal_entity_id for each in every])
    return {
        id: [Service(each, divisions[each.division_id], entities[each.legal_entity_id]) for each in services]
        for id, services in given.items()
    }
