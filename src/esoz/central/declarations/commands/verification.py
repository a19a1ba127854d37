"""Declarations on paper: the НСЗУ judges what waits, time judges some of it (DC-25)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from esoz.central.workforce import count_declaration, find_employee
from esoz.kernel.states import move
from esoz.kernel.work import Work

from ..model import MOVES, Declaration, Event, Status
from ..store import declarations as store

INVALID_TRANSITION = "Invalid transition"


async def verify(work: Work, id: UUID) -> Declaration:
    """Take a declaration whose papers were found right. Raises NotFound, Conflict."""
    declaration = await _locked(work, id)
    status = move(MOVES, declaration.status, Status.ACTIVE, message=INVALID_TRANSITION)
    return await _save(work, declaration, status, Event.DECLARATION_VERIFIED)


async def reject(work: Work, id: UUID) -> Declaration:
    """Refuse a declaration whose papers were found wrong; the doctor has the place back. Raises NotFound, Conflict."""
    declaration = await _locked(work, id)
    status = move(MOVES, declaration.status, Status.REJECTED, message=INVALID_TRANSITION)
    rejected = await _save(work, declaration, status, Event.DECLARATION_REJECTED)
    employee = await find_employee(work.db, declaration.employee_id)
    await count_declaration(work.db, employee.party.id, -1)
    return rejected


async def verify_old(work: Work, *, most: int) -> int:
    """Take declarations on paper that nobody looked at in time, `most` at once; return how many."""
    hours = work.dependencies.settings.number("ESOZ_DECLARATION_CHECK_HOURS")
    found = await store.unverified(work.db, work.now - timedelta(hours=hours), most)
    for person_id in sorted(person_id for _, person_id in found):
        await store.lock_person(work.db, person_id)
    for id, _ in found:
        declaration = await store.find_declaration(work.db, id)
        if declaration.status is Status.PENDING_VERIFICATION:
            await _save(work, declaration, move(MOVES, declaration.status, Status.ACTIVE), Event.DECLARATION_VERIFIED)
    return len(found)


async def _locked(work: Work, id: UUID) -> Declaration:
    found = await store.find_declaration(work.db, id)
    await store.lock_person(work.db, found.person_id)
    return await store.find_declaration(work.db, id)


async def _save(work: Work, declaration: Declaration, status: Status, event: Event) -> Declaration:
    changed = replace(declaration, status=status, updated_at=work.performed_at)
    await store.save_status(work.db, changed, work.actor.user_id)
    work.record(event, declaration.id, patient_id=declaration.person_id)
    return changed
