"""Questions about doctors that everybody may ask; each leaves a line, though nobody's secret is in the answer."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from esoz.central.healthcare_services import (
    EmployeeRole,
    HealthcareService,
    find_roles,
    find_services,
    services_of_divisions,
    services_of_employees,
)
from esoz.central.organisations import Division, LegalEntity, find_divisions, find_legal_entities
from esoz.central.workforce import (
    MEDICAL_TYPES,
    Employee,
    EmployeeType,
    declaration_limit,
    declaration_limits,
    find_employee,
    find_employees,
)
from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import store
from .model import (
    DOCTORS,
    ChangesFilter,
    DivisionSearch,
    Doctor,
    DoctorInPerson,
    EmployeeSearch,
    Event,
    Load,
    PartySearch,
    Place,
    Practitioner,
    Service,
    Workplace,
    is_available,
)


async def doctors(work: Work, filters: EmployeeSearch, page: Page) -> tuple[Sequence[Doctor], Paged]:
    """A page of doctors at their places of work, by the alphabet."""
    work.record(Event.DOCTORS_SEARCHED, "")
    paged = await store.employees(work.db, filters, page)
    found = await find_employees(work.db, [row["id"] for row in paged.rows])
    return await _at_work(work, [found[row["id"]] for row in paged.rows]), paged


async def doctor(work: Work, id: UUID) -> Doctor:
    """One doctor who works now; anybody else is NotFound."""
    employee = await find_employee(work.db, id)
    if not employee.works or employee.employee_type not in DOCTORS or employee.division_id is None:
        raise NotFound()
    work.record(Event.DOCTOR_READ, id)
    [found] = await _at_work(work, [employee])
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
    for party_id in filter(offices.__contains__, ids):  # the last office may have ended since
        places = [Workplace(employees[id], services.get(id, ())) for id in offices[party_id]]
        held = [each.employee for each in places]
        is_free = is_available(held, specialities.get(party_id, ()), declaration_limits(work))
        found.append(DoctorInPerson(held[0].party, places, is_free))
    return found, paged


async def places(work: Work, filters: DivisionSearch, page: Page) -> tuple[Sequence[Place], Paged]:
    """A page of divisions that receive people, with what is offered in each, the oldest first."""
    work.record(Event.PLACES_SEARCHED, "")
    paged = await store.places(work.db, filters, page)
    found = await find_divisions(work.db, [row["id"] for row in paged.rows])
    entities = await find_legal_entities(work.db, {each.legal_entity_id for each in found.values()})
    services = await services_of_divisions(work.db, list(found))
    here = [found[row["id"]] for row in paged.rows]
    return [Place(each, entities[each.legal_entity_id], services.get(each.id, ())) for each in here], paged


async def legal_entities(work: Work, filters: ChangesFilter, page: Page) -> tuple[Sequence[LegalEntity], Paged]:
    """A page of legal entities that changed, by id; those out of use too."""
    paged = await _changed(work, "legal_entities", filters, page)
    found = await find_legal_entities(work.db, [row["id"] for row in paged.rows])
    return [found[row["id"]] for row in paged.rows], paged


async def divisions(work: Work, filters: ChangesFilter, page: Page) -> tuple[Sequence[Division], Paged]:
    """A page of divisions that changed, by id; those out of use too."""
    paged = await _changed(work, "divisions", filters, page)
    found = await find_divisions(work.db, [row["id"] for row in paged.rows])
    return [found[row["id"]] for row in paged.rows], paged


async def employees(work: Work, filters: ChangesFilter, page: Page) -> tuple[Sequence[Employee], Paged]:
    """A page of those who treat that changed, by id; those out of use too."""
    paged = await _changed(work, "employees", filters, page, types=MEDICAL_TYPES)
    found = await find_employees(work.db, [row["id"] for row in paged.rows])
    return [found[row["id"]] for row in paged.rows], paged


async def services(work: Work, filters: ChangesFilter, page: Page) -> tuple[Sequence[HealthcareService], Paged]:
    """A page of services that changed, by id; those out of use too."""
    paged = await _changed(work, "healthcare_services", filters, page)
    found = await find_services(work.db, [row["id"] for row in paged.rows])
    return [found[row["id"]] for row in paged.rows], paged


async def roles(work: Work, filters: ChangesFilter, page: Page) -> tuple[Sequence[EmployeeRole], Paged]:
    """A page of roles that changed, by id; those out of use too."""
    paged = await _changed(work, "employee_roles", filters, page)
    found = await find_roles(work.db, [row["id"] for row in paged.rows])
    return [found[row["id"]] for row in paged.rows], paged


async def practitioners(work: Work, filters: ChangesFilter, page: Page) -> tuple[Sequence[Practitioner], Paged]:
    """A page of those who treat, with what they learned, by id."""
    work.record(Event.REGISTER_READ, "parties")
    paged = await store.practitioners(work.db, filters.since(work.now), page, types=MEDICAL_TYPES)
    offices = await store.offices_of(work.db, [row["id"] for row in paged.rows], MEDICAL_TYPES)
    found = await find_employees(work.db, [id for each in offices.values() for id in each])
    # Who is not among them gave up the last office since.
    held = [[found[id] for id in offices[row["id"]]] for row in paged.rows if row["id"] in offices]
    return [Practitioner(each[0].party, each) for each in held], paged


async def loads(work: Work, page: Page) -> tuple[Sequence[Load], Paged]:
    """How many declarations each doctor may have over all workplaces, and has (DC-17)."""
    work.record(Event.REGISTER_READ, "declarations_limit")
    paged = await store.practitioners(work.db, None, page, types={EmployeeType.DOCTOR})
    specialities = await store.specialities(work.db, [row["id"] for row in paged.rows])
    limits = declaration_limits(work)
    found = ((row, declaration_limit(specialities.get(row["id"], ()), limits)) for row in paged.rows)
    return [Load(row["id"], limit or 0, row["declaration_count"]) for row, limit in found], paged


async def _changed(
    work: Work, table: str, filters: ChangesFilter, page: Page, *, types: frozenset[str] | None = None
) -> Paged:
    work.record(Event.REGISTER_READ, table)
    return await store.changed(work.db, table, filters.since(work.now), page, types=types)


async def _at_work(work: Work, employees: Sequence[Employee]) -> list[Doctor]:
    db, limits = work.db, declaration_limits(work)
    divisions = await find_divisions(db, [each.division_id for each in employees if each.division_id])
    entities = await find_legal_entities(db, [each.legal_entity_id for each in employees])
    specialities = await store.specialities(db, [each.party.id for each in employees])
    return [
        Doctor(
            each,
            divisions[each.division_id],
            entities[each.legal_entity_id],
            is_available([each], specialities.get(each.party.id, ()), limits),
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
