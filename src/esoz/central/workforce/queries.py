"""Questions about employees, each with its audit line where a handler asks it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from uuid import UUID

from esoz.central import identity
from esoz.central.organisations import Division, LegalEntity, find_divisions, find_legal_entities, own
from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.work import Work

from . import policy, store
from .model import (
    Employee,
    EmployeeFilter,
    EmployeeRequest,
    EmployeeRequestFilter,
    Event,
    Party,
    Verification,
    VerificationFilter,
    declaration_limit,
    read_limits,
    request_status_at,
)

Verifications: TypeAlias = Mapping[UUID, Sequence[Verification]]


async def employees_of_user(
    db: Connection, user_id: UUID, legal_entity_id: UUID, *, hold: bool = False
) -> list[Employee]:
    """Employees of the user's party that work in the legal entity now: APPROVED and active, not dismissed when held."""
    return await store.employees_of_user(db, user_id, legal_entity_id, hold=hold)


async def employees(work: Work, filters: EmployeeFilter, page: Page) -> tuple[list[Employee], Paged]:
    """A page of employees; a clinic sees its own only."""
    found, paged = await store.employees(work.db, policy.within_reach(work.actor, filters), page)
    work.record(Event.EMPLOYEES_READ, work.actor.client_id or "")
    return found, paged


async def employee(work: Work, id: UUID) -> Employee:
    """One employee; another clinic's is NotFound."""
    found = await store.find_employee(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.EMPLOYEE_READ, id)
    return found


async def employee_named(work: Work, id: UUID) -> Employee:
    """One employee of any clinic, to be named."""
    found = await store.find_employee(work.db, id)
    work.record(Event.EMPLOYEE_READ, id)
    return found


async def requests(work: Work, filters: EmployeeRequestFilter, page: Page) -> Paged:
    """A page of invitations; a clinic sees its own only."""
    work.record(Event.REQUESTS_READ, work.actor.client_id or "")
    return await store.requests(work.db, own(work.actor), filters, work.now, page)


async def request(work: Work, id: UUID) -> tuple[EmployeeRequest, UUID | None]:
    """One invitation, and the user who may answer it, None before they have an account; another's is NotFound."""
    found = await store.find_request(work.db, id)
    policy.must_be_our_request(work.actor, found)
    work.record(Event.REQUEST_READ, id)
    user = await identity.user_by_email(work.db, found.email)
    return replace(found, status=request_status_at(found, work.now)), user.id if user else None


async def request_through_mis(work: Work, id: UUID) -> EmployeeRequest:
    """How an invitation was answered that came through the caller's MIS; another's is NotFound."""
    found = await store.find_request(work.db, id)
    policy.must_be_through_us(work.actor, found)
    work.record(Event.REQUEST_READ, id)
    return replace(found, status=request_status_at(found, work.now))


async def verifications(work: Work, filters: VerificationFilter, page: Page) -> tuple[Paged, Verifications]:
    """A page of employees by the verification of their parties, and what registers say; a clinic sees its own."""
    paged = await store.verified_employees(work.db, own(work.actor), filters, page)
    work.record(Event.PARTY_VERIFICATIONS_READ, work.actor.client_id or "")
    return paged, await store.verifications(work.db, [row["party_id"] for row in paged.rows])


async def verification(work: Work, party_id: UUID) -> tuple[Party, list[Verification]]:
    """What registers say of somebody who works or worked with us; another's is NotFound."""
    party = await store.find_party(work.db, party_id, legal_entity_id=own(work.actor))
    work.record(Event.PARTY_VERIFICATION_READ, party_id)
    return party, (await store.verifications(work.db, [party_id])).get(party_id, [])


async def places(db: Connection, employees: Sequence[Employee]) -> Mapping[UUID, tuple[LegalEntity, Division | None]]:
    """Where employees work, by the employee's id; all read in two statements."""
    entities = await find_legal_entities(db, [each.legal_entity_id for each in employees])
    divisions = await find_divisions(db, [each.division_id for each in employees if each.division_id])
    return {
        each.id: (entities[each.legal_entity_id], divisions[each.division_id] if each.division_id else None)
        for each in employees
    }


def declaration_limits(work: Work) -> Mapping[str, int]:
    """How many declarations a doctor of a speciality may have in this country (DC-17)."""
    return read_limits(work.dependencies.settings.text("ESOZ_DECLARATION_LIMITS"))


async def limit_of_party(work: Work, party_id: UUID) -> int | None:
    """How many declarations a party may have; None when it may have none."""
    return declaration_limit(await store.specialities_of_party(work.db, party_id), declaration_limits(work))
