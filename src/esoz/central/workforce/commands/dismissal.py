"""Dismissal, and what follows from it: the role of the user at once, the rest as jobs."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central import identity
from esoz.central.organisations import AUTO_DEACTIVATION, REORGANIZATION, Cause, consequences
from esoz.kernel import jobs
from esoz.kernel.jobs import JobKind
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy, store
from ..model import MOVES, OWNERS, Employee, Event, Status, must_be_dismissible

MANUAL = "manual_employee_deactivate"  # EM-24
SIGNING = OWNERS | {"ADMIN"}  # EM-25: who signs contracts


class Dismissal(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a job after a dismissal is about; `turn` counts the jobs of what is too much for one."""

    employee_id: UUID
    reason: str
    turn: int = 1


# What contexts above do after a dismissal; each of them has the handler of its job.
END_ROLES = JobKind("employee_roles.end", Dismissal)
END_DECLARATIONS = JobKind("declarations.end", Dismissal)
DISMISSAL_JOBS = (END_ROLES, END_DECLARATIONS)


async def dismiss(work: Work, id: UUID) -> Employee:
    """Dismiss an employee of ours (EM-22…EM-25); raise NotFound for another's, Conflict with the published texts."""
    employee = await store.find_employee(work.db, id, lock=True)
    policy.must_be_ours(work.actor, employee)
    must_be_dismissible(employee)
    return await _dismiss(work, employee, reason=MANUAL)


async def dismiss_everybody(work: Work, legal_entity_id: UUID) -> int:
    """Dismiss all who work in a legal entity that closes, the owner too (LE-19); return how many."""
    employees = await store.employees_of_legal_entity(work.db, legal_entity_id)
    for employee in employees:
        must_be_dismissible(employee, with_owner=True)
        await _dismiss(work, employee, reason=AUTO_DEACTIVATION)
    return len(employees)


async def dismiss_unmatched(work: Work, source_id: UUID, target_id: UUID) -> int:
    """Dismiss doctors of a merged legal entity who do not work so in its successor (LE-21); return how many."""
    doctors = await store.doctors_without_counterpart(work.db, source_id, target_id)
    for doctor in doctors:
        await _dismiss(work, doctor, reason=REORGANIZATION)
    return len(doctors)


async def _dismiss(work: Work, employee: Employee, *, reason: str) -> Employee:
    # EM-25: the flag stays, the status, its reason and the last day are written.
    status = move(MOVES, employee.status, Status.DISMISSED)
    gone = replace(employee, status=status, status_reason=reason, end_date=work.today, updated_at=work.now)
    await store.save_employee(work.db, gone, work.actor.user_id)
    if not await store.has_other_office(work.db, gone):
        # EM-23: the last office of this type takes role, consent and tokens with it.
        for user_id in await store.users_of_party(work.db, employee.party.id):
            await identity.take_role(work, user_id, employee.legal_entity_id, employee.employee_type)
    if employee.employee_type in SIGNING:
        await consequences.of(work, employee.legal_entity_id, Cause.SIGNER_DISMISSED)
    for kind in DISMISSAL_JOBS:
        # An employee's jobs stand in one line, as a patient's do.
        await jobs.submit(work, kind, employee.id, Dismissal(employee.id, reason.lower()))
    work.record(Event.EMPLOYEE_DISMISSED, employee.id, reason=reason)
    return gone
