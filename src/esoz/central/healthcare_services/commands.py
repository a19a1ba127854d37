"""Changes of healthcare services and of roles in them."""

from dataclasses import replace
from uuid import UUID

from esoz.central.dictionaries import dictionaries
from esoz.central.licences import find_license
from esoz.central.organisations import (
    LegalEntity,
    find_legal_entity,
    must_be_acting,
    must_be_own_division,
    user_of,
)
from esoz.central.workforce import Employee, find_employee
from esoz.kernel.errors import Conflict, Invalid, NotFound, Rejected, rejected
from esoz.kernel.states import move
from esoz.kernel.work import Work

from . import policy, store
from .model import (
    CATEGORIES,
    GIVING,
    LICENSES,
    MOVES,
    ROLE_MOVES,
    TYPES,
    EmployeeRole,
    Event,
    HealthcareService,
    RoleStatus,
    SameRole,
    SameService,
    Schedule,
    ServiceDetails,
    Status,
    kind_faults,
    schedule_faults,
)


async def create_service(work: Work, details: ServiceDetails, *, legal_entity_id: UUID) -> HealthcareService:
    """Offer something in a division of ours; raise Rejected naming the fields, Conflict."""
    by = user_of(work.actor)
    service = HealthcareService(
        id=work.new_id(),
        legal_entity_id=legal_entity_id,
        division_id=details.division_id,
        category=details.category,
        license_id=details.license_id,
        type=details.type,
        speciality_type=details.speciality_type,
        providing_condition=details.providing_condition,
        status=Status.ACTIVE,
        content=details.schedule,
        inserted_at=work.now,
        inserted_by=by,
        updated_at=work.now,
        updated_by=by,
    )
    await _must_be_valid(work, service)
    await store.add_service(work.db, service)
    work.record(Event.SERVICE_CREATED, service.id)
    return service


async def update_service(work: Work, id: UUID, schedule: Schedule) -> HealthcareService:
    """Change comment and times, nothing else may change; raise NotFound, Rejected naming the fields, Conflict."""
    service = await _ours(work, id)
    must_be_acting(await find_legal_entity(work.db, service.legal_entity_id))
    if service.status is not Status.ACTIVE:
        raise Conflict("Healthcare service is not active")
    _must_be_times(schedule)
    return await _saved(work, replace(service, content=schedule), Event.SERVICE_UPDATED)


async def activate_service(work: Work, id: UUID) -> HealthcareService:
    """Offer it again; raise NotFound, Rejected when the division does not act, Conflict."""
    service = await _ours(work, id)
    active = replace(service, status=move(MOVES, service.status, Status.ACTIVE))
    await _must_be_valid(work, active)
    return await _saved(work, active, Event.SERVICE_ACTIVATED)


async def deactivate_service(work: Work, id: UUID) -> HealthcareService:
    """Offer it no more; the roles of employees in it end. Raise NotFound, Conflict."""
    service = await _ours(work, id)
    ended = replace(service, status=move(MOVES, service.status, Status.INACTIVE))
    for role_id in await store.end_roles(work.db, at=work.now, by=work.actor.user_id, service_id=id):
        work.record(Event.ROLE_DEACTIVATED, role_id)
    return await _saved(work, ended, Event.SERVICE_DEACTIVATED)


async def create_role(
    work: Work, *, healthcare_service_id: UUID, employee_id: UUID, legal_entity_id: UUID
) -> EmployeeRole:
    """Let an employee of ours give a service of ours; raise Rejected naming the field, Conflict."""
    service = await _service_for_role(work, healthcare_service_id, legal_entity_id)
    await _employee_for_role(work, employee_id, service)
    by = user_of(work.actor)
    role = EmployeeRole(
        id=work.new_id(),
        healthcare_service_id=service.id,
        employee_id=employee_id,
        legal_entity_id=legal_entity_id,
        start_date=work.now,
        status=RoleStatus.ACTIVE,
        inserted_at=work.now,
        inserted_by=by,
        updated_at=work.now,
        updated_by=by,
    )
    if await store.has_same_role(work.db, role):
        raise SameRole()
    await store.add_role(work.db, role)
    work.record(Event.ROLE_CREATED, role.id)
    return role


async def deactivate_role(work: Work, id: UUID) -> EmployeeRole:
    """End a role; raise NotFound, Conflict when it has ended."""
    role = await store.find_role(work.db, id, lock=True)
    policy.must_be_ours(work.actor, role)
    move(ROLE_MOVES, role.status, RoleStatus.INACTIVE)
    await store.end_roles(work.db, at=work.now, by=work.actor.user_id, role_id=id)
    work.record(Event.ROLE_DEACTIVATED, id)
    return await store.find_role(work.db, id)


async def end_roles_of_employee(work: Work, employee_id: UUID) -> int:
    """A dismissed employee gives nothing any more; return how many roles ended."""
    ended = await store.end_roles(work.db, at=work.now, by=work.actor.user_id, employee_id=employee_id)
    for role_id in ended:
        work.record(Event.ROLE_DEACTIVATED, role_id)
    work.record(Event.ROLES_ENDED, employee_id, count=len(ended))
    return len(ended)


async def _ours(work: Work, id: UUID) -> HealthcareService:
    service = await store.find_service(work.db, id, lock=True)
    policy.must_be_ours(work.actor, service)
    return service


async def _saved(work: Work, service: HealthcareService, event: Event) -> HealthcareService:
    saved = replace(service, updated_at=work.now, updated_by=user_of(work.actor))
    await store.save_service(work.db, saved)
    work.record(event, saved.id)
    return saved


async def _must_be_valid(work: Work, service: HealthcareService) -> None:
    entity = await find_legal_entity(work.db, service.legal_entity_id)
    must_be_acting(entity)
    await must_be_own_division(work.db, service.division_id, service.legal_entity_id, entry="$.division_id")
    faults = tuple(kind_faults(service, entity.type)) + tuple(_code_faults(service))
    if faults:
        raise Rejected(invalid=faults)
    await _must_be_licensed(work, service, entity)
    _must_be_times(service.content)
    if await store.has_same(work.db, service):
        raise SameService()


async def _must_be_licensed(work: Work, service: HealthcareService, entity: LegalEntity) -> None:
    """Under the license that is named, else under the primary one; it is of the kind of the category and in force."""
    id = service.license_id or (entity.license.id if entity.license else None)
    try:
        license = await find_license(work.db, id) if id else None
    except NotFound as fault:
        raise rejected("$.license_id", "License not found") from fault
    if license is None:
        raise rejected("$.license_id", "License not found")
    if license.legal_entity_id != service.legal_entity_id:
        raise rejected("$.license_id", "License doesn't correspond to your legal entity")
    if license.type != LICENSES[service.category]:
        raise rejected("$.license_id", "Category of healthcare service and license type mismatch")
    if not license.is_in_force(work.today):
        raise rejected("$.license_id", "License is expired" if license.is_over(work.today) else "License is not active")


def _code_faults(service: HealthcareService) -> list[Invalid]:
    names: dict[str, tuple[str, str | None]] = {"$.category": (CATEGORIES, service.category)}
    if service.category in TYPES:
        names["$.type"] = (TYPES[service.category], service.type)
    return [
        Invalid(place, "inclusion", f"value is not allowed in dictionary {name}")
        for place, (name, code) in names.items()
        if (codes := dictionaries.codes(name)) is not None and code not in codes
    ]


def _must_be_times(schedule: Schedule) -> None:
    faults = tuple(schedule_faults(schedule, dictionaries.codes("DAYS_OF_WEEK")))
    if faults:
        raise Rejected(invalid=faults)


async def _service_for_role(work: Work, id: UUID, legal_entity_id: UUID) -> HealthcareService:
    place = "$.healthcare_service_id"
    try:
        service = await store.find_service(work.db, id, lock=True)
    except NotFound as fault:
        raise rejected(place, "Healthcare service not found") from fault
    if service.legal_entity_id != legal_entity_id:
        raise rejected(place, "Healthcare service doesn't belong to your legal entity")
    if service.status is not Status.ACTIVE:
        raise rejected(place, "Healthcare service is not active")
    return service


async def _employee_for_role(work: Work, id: UUID, service: HealthcareService) -> Employee:
    place = "$.employee_id"
    try:
        employee = await find_employee(work.db, id)
    except NotFound as fault:
        raise rejected(place, "Employee not found") from fault
    if employee.legal_entity_id != service.legal_entity_id:
        raise rejected(place, "Employee doesn't belong to your legal entity")
    if not employee.works:
        raise rejected(place, "Employee is not approved")
    if employee.employee_type not in GIVING:
        raise rejected(place, "Invalid employee type")
    if service.speciality_type is not None and employee.speciality != service.speciality_type:
        raise rejected(place, "Employee speciality doesn't match speciality_type of healthcare service")
    return employee
