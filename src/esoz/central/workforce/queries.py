"""Questions about employees, each with its audit line where a handler asks it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from esoz.central.organisations import Division, LegalEntity, find_divisions, find_legal_entities
from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Work

from . import policy, store
from .model import Employee, Event, Party, declaration_limit


async def employees_of_user(db: Connection, user_id: UUID, legal_entity_id: UUID) -> list[Employee]:
    """Employees of the user's party that work in the legal entity now: APPROVED and active."""
    return await store.employees_of_user(db, user_id, legal_entity_id)


async def party_of_user(db: Connection, user_id: UUID) -> Party:
    """The human being behind a user; raise Forbidden when nobody was hired under this user."""
    party = await store.party_of_user(db, user_id)
    if party is None:
        raise Forbidden("User is not linked to any party")
    return party


async def employees(work: Work, asked: store.Asked, page: Page) -> tuple[list[Employee], Paged]:
    """A page of employees; a clinic sees its own only."""
    found, paged = await store.employees(work.db, policy.within_reach(work.actor, asked), page)
    work.record(Event.EMPLOYEES_READ, work.actor.client_id or "")
    return found, paged


async def employee(work: Work, id: UUID) -> Employee:
    """One employee; another clinic's is NotFound."""
    found = await store.find_employee(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.EMPLOYEE_READ, id)
    return found


async def places(db: Connection, employees: Sequence[Employee]) -> Mapping[UUID, tuple[LegalEntity, Division | None]]:
    """Where employees work, by the employee's id; all read in two statements."""
    entities = await find_legal_entities(db, [each.legal_entity_id for each in employees])
    divisions = await find_divisions(db, [each.division_id for each in employees if each.division_id])
    return {
        each.id: (entities[each.legal_entity_id], divisions[each.division_id] if each.division_id else None)
        for each in employees
    }


async def limit_of_party(db: Connection, party_id: UUID) -> int | None:
    """How many declarations a party may have; None when it may have none."""
    return declaration_limit(await store.specialities_of_party(db, party_id))
