"""Questions about healthcare services and roles in them."""

from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.work import Work

from . import policy, store
from .model import EmployeeRole, EmployeeRoleFilter, Event, HealthcareService, HealthcareServiceFilter


async def services(work: Work, filters: HealthcareServiceFilter, page: Page) -> tuple[list[HealthcareService], Paged]:
    """A page of services; a clinic sees its own only."""
    work.record(Event.SERVICES_READ, work.actor.client_id or "")
    return await store.services(work.db, own(work.actor), filters, page)


async def service(work: Work, id: UUID) -> HealthcareService:
    """One service; another's is NotFound."""
    found = await store.find_service(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.SERVICE_READ, id)
    return found


async def roles(work: Work, filters: EmployeeRoleFilter, page: Page) -> tuple[list[EmployeeRole], Paged]:
    """A page of roles; a clinic sees its own only. Raise Rejected when no parameter is given, as published."""
    if filters == EmployeeRoleFilter():
        message = "At least one query parameter must be provided"
        raise Rejected(invalid=(Invalid("$", "required", message, (), "query_parameter"),))
    work.record(Event.ROLES_READ, work.actor.client_id or "")
    return await store.roles(work.db, own(work.actor), filters, page)


async def role(work: Work, id: UUID) -> EmployeeRole:
    """One role; another's is NotFound."""
    found = await store.find_role(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.ROLE_READ, id)
    return found
