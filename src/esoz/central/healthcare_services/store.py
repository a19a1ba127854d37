"""SQL of healthcare services and of roles in them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.errors import NotFound

from .model import EmployeeRole, EmployeeRoleFilter, HealthcareService, HealthcareServiceFilter

_SERVICE = tuple(HealthcareService.__dataclass_fields__)
_ROLE = tuple(EmployeeRole.__dataclass_fields__)
_SERVICES = f"select {', '.join(_SERVICE)} from healthcare_services"
_ROLES = f"select {', '.join(_ROLE)} from employee_roles"


async def find_service(db: Connection, id: UUID, *, lock: bool = False) -> HealthcareService:
    """One service; raise NotFound."""
    row = await db.fetchrow(f"{_SERVICES} where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(HealthcareService, row)


async def services(
    db: Connection, legal_entity_id: UUID | None, filters: HealthcareServiceFilter, page: Page
) -> tuple[list[HealthcareService], Paged]:
    """Services, the oldest first."""
    query = Query(_SERVICES).where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("division_id = {}", filters.division_id).where_given("category = {}", filters.category)
    query.where_given("speciality_type = {}", filters.speciality_type).where_given("type = {}", filters.type)
    query.where_given("providing_condition = {}", filters.providing_condition).where_given(
        "status = {}", filters.status
    )
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(HealthcareService, row) for row in paged.rows], paged


async def find_services(db: Connection, ids: Sequence[UUID]) -> dict[UUID, HealthcareService]:
    """Several services by their ids."""
    rows = await db.fetch(f"{_SERVICES} where id = any($1)", list(ids))
    return {row["id"]: as_model(HealthcareService, row) for row in rows}


async def find_roles(db: Connection, ids: Sequence[UUID]) -> dict[UUID, EmployeeRole]:
    """Several roles by their ids."""
    rows = await db.fetch(f"{_ROLES} where id = any($1)", list(ids))
    return {row["id"]: as_model(EmployeeRole, row) for row in rows}


async def services_of_employees(db: Connection, employee_ids: Sequence[UUID]) -> dict[UUID, list[HealthcareService]]:
    """Active services that these employees give now, the oldest first, by employee."""
    rows = await db.fetch(
        f"select r.employee_id, {', '.join(f's.{field}' for field in _SERVICE)} from employee_roles r"
        " join healthcare_services s on s.id = r.healthcare_service_id and s.status = 'ACTIVE'"
        " where r.employee_id = any($1) and r.status = 'ACTIVE' order by s.inserted_at, s.id",
        list(employee_ids),
    )
    found: dict[UUID, list[HealthcareService]] = {}
    for row in rows:
        found.setdefault(row["employee_id"], []).append(as_model(HealthcareService, row))
    return found


async def services_of_divisions(db: Connection, division_ids: Sequence[UUID]) -> dict[UUID, list[HealthcareService]]:
    """Active services that these divisions offer now, the oldest first, by division."""
    rows = await db.fetch(
        f"{_SERVICES} where division_id = any($1) and status = 'ACTIVE' order by inserted_at, id", list(division_ids)
    )
    found: dict[UUID, list[HealthcareService]] = {}
    for row in rows:
        found.setdefault(row["division_id"], []).append(as_model(HealthcareService, row))
    return found


async def has_same(db: Connection, service: HealthcareService) -> bool:
    """Whether the division offers the same thing by another record."""
    found: bool = await db.fetchval(
        "select exists (select from healthcare_services where division_id = $1 and category = $2 and status = 'ACTIVE'"
        " and type is not distinct from $3 and speciality_type is not distinct from $4"
        " and providing_condition is not distinct from $5 and id <> $6)",
        service.division_id,
        service.category,
        service.type,
        service.speciality_type,
        service.providing_condition,
        service.id,
    )
    return found


async def add_service(db: Connection, service: HealthcareService) -> None:
    """Write a new service."""
    columns = {field: getattr(service, field) for field in _SERVICE}
    await insert(db, "healthcare_services", **columns | {"status": service.status.value})


async def save_service(db: Connection, service: HealthcareService) -> None:
    """Write what may change of a service."""
    await db.execute(
        "update healthcare_services set status = $2, is_active = $3, content = $4, updated_at = $5, updated_by = $6"
        " where id = $1",
        service.id,
        service.status.value,
        service.is_active,
        service.content,
        service.updated_at,
        service.updated_by,
    )


async def find_role(db: Connection, id: UUID, *, lock: bool = False) -> EmployeeRole:
    """One role; raise NotFound."""
    row = await db.fetchrow(f"{_ROLES} where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(EmployeeRole, row)


async def roles(
    db: Connection, legal_entity_id: UUID | None, filters: EmployeeRoleFilter, page: Page
) -> tuple[list[EmployeeRole], Paged]:
    """Roles, the oldest first."""
    query = Query(_ROLES).where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("employee_id = {}", filters.employee_id).where_given("status = {}", filters.status)
    query.where_given("healthcare_service_id = {}", filters.healthcare_service_id)
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(EmployeeRole, row) for row in paged.rows], paged


async def has_same_role(db: Connection, role: EmployeeRole) -> bool:
    """Whether the employee gives the service now."""
    found: bool = await db.fetchval(
        "select exists (select from employee_roles where healthcare_service_id = $1 and employee_id = $2"
        " and status = 'ACTIVE')",
        role.healthcare_service_id,
        role.employee_id,
    )
    return found


async def add_role(db: Connection, role: EmployeeRole) -> None:
    """Write a new role."""
    await insert(
        db, "employee_roles", **{field: getattr(role, field) for field in _ROLE} | {"status": role.status.value}
    )


async def end_roles(
    db: Connection,
    *,
    at: datetime,
    by: UUID | None,
    role_id: UUID | None = None,
    service_id: UUID | None = None,
    employee_id: UUID | None = None,
) -> list[UUID]:
    """End active roles: one, or all of a service, or all of an employee; return their ids."""
    rows = await db.fetch(
        "update employee_roles set status = 'INACTIVE', end_date = $1, updated_at = $1, updated_by = $2"
        " where status = 'ACTIVE' and (id = $3 or healthcare_service_id = $4 or employee_id = $5) returning id",
        at,
        by,
        role_id,
        service_id,
        employee_id,
    )
    return [row["id"] for row in rows]
