"""Employees and the people behind users in the memory of a process, for acts that only ask about them.

How many declarations a party has changes with each of them and is not told: acts that count ask the register itself.
"""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.memory import Registry
from esoz.kernel.work import Work

from . import store
from .model import Employee, Party

EMPLOYEES: Registry[UUID, Employee] = Registry("workforce", store.find_employees)
EMPLOYED: Registry[tuple[UUID, UUID], list[Employee]] = Registry("workforce", store.employees_of_users)
PARTIES: Registry[UUID, Party] = Registry("workforce", store.parties_of_users)


async def known_employee(work: Work, id: UUID) -> Employee:
    """An employee with the party, none of which this act changes; raise NotFound."""
    found = await work.known(EMPLOYEES, id)
    if found is None:
        raise NotFound()
    return found


async def known_employees_of_user(work: Work, user_id: UUID, legal_entity_id: UUID) -> Sequence[Employee]:
    """Employees of the user's party that work in the legal entity now, the first hired first."""
    return await work.known(EMPLOYED, (user_id, legal_entity_id)) or ()


async def known_party_of_user(work: Work, user_id: UUID) -> Party:
    """The human being behind a user; raise Forbidden when nobody was hired under this user."""
    found = await work.known(PARTIES, user_id)
    if found is None:
        raise Forbidden(store.NOBODY_BEHIND)
    return found
