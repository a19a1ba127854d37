"""Changes of declarations."""

from dataclasses import dataclass, replace
from uuid import UUID

from esoz.central.people import AuthenticationType, Person, current_authentication_method, find_person
from esoz.central.workforce import Employee, count_declaration, find_employee, limit_of_party
from esoz.kernel.errors import NotFound
from esoz.kernel.states import move
from esoz.kernel.work import Work

from ..model import (
    BY_PATIENT,
    DEATH,
    GONE_LOOKED_AT,
    LIVE,
    MOVES,
    NOT_ACTIVE,
    REPLACED,
    Declaration,
    Event,
    NotActive,
    OverLimit,
    Status,
    end_date,
    first_status,
    number,
)
from ..store import declarations as store
from .choosing import chosen
from .notices import tell_of_end


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationDetails:
    """What is signed: who chooses whom, and the text of the printed form."""

    person_id: UUID
    employee_id: UUID
    division_id: UUID
    declaration_request_id: UUID
    content: str
    overlimit: bool = False


async def declare(work: Work, details: DeclarationDetails, *, id: UUID | None = None) -> Declaration:
    """Make a declaration; the one before it ends in the same transaction (DC-21).

    Raises Rejected naming the field, Conflict when person or legal entity does not act, OverLimit for a full doctor.
    """
    person = await find_person(work.db, details.person_id)
    choice = await chosen(work, person, details.employee_id, details.division_id, clinic=None)
    await store.lock_person(work.db, person.id)
    declaration = await _declaration(work, details, person, choice.employee, id or work.new_id())
    await conclude(work, await _with_number(work, declaration), choice.employee)
    return declaration


async def conclude(work: Work, declaration: Declaration, employee: Employee) -> Declaration | None:
    """Make a declaration whose number is taken and whose person is locked; return the one that it ends (DC-21).

    Raises OverLimit for a full doctor.
    """
    before = await store.live_declaration(work.db, declaration.person_id)
    ended = None if before is None else await _end(work, before, REPLACED, None)
    await _must_have_room(work, employee, overlimit=declaration.overlimit)
    await store.add(work.db, declaration, work.actor.user_id)
    work.record(Event.DECLARATION_CREATED, declaration.id, patient_id=declaration.person_id)
    return ended


async def terminate(work: Work, id: UUID, *, reason: str, reason_description: str | None = None) -> Declaration:
    """End an active declaration (DC-24); raise NotFound or NotActive."""
    found = await store.find_declaration(work.db, id)
    await store.lock_person(work.db, found.person_id)
    declaration = await store.find_declaration(work.db, id)
    if declaration.on(work.today).status is not Status.ACTIVE:
        raise NotActive()
    return await _end(work, declaration, reason, reason_description)


async def terminate_own(work: Work, person_id: UUID, id: UUID, description: str | None) -> Declaration:
    """A patient ends the own active declaration (CB-6); another person's is NotFound. Raises NotActive."""
    found = await store.find_declaration(work.db, id)
    if found.person_id != person_id:
        raise NotFound()
    return await terminate(work, id, reason=BY_PATIENT, reason_description=description)


async def end_of_gone(work: Work, *, most: int) -> int:
    """End declarations of people who died or were merged away (DC-24), `most` at a time; return how many."""
    found = await store.of_gone(work.db, work.now - GONE_LOOKED_AT, most)
    for person_id in sorted(person_id for _, person_id, _ in found):
        await store.lock_person(work.db, person_id)
    for id, _, died in found:
        declaration = await store.find_declaration(work.db, id)
        if declaration.status in LIVE:
            await _end(work, declaration, DEATH if died else NOT_ACTIVE, None)
    return len(found)


async def close_ended(work: Work, *, most: int) -> int:
    """Close declarations whose last day is over (DC-26), `most` at a time; return how many."""
    found = await store.ended(work.db, work.today, most)
    for person_id in sorted(person_id for _, person_id in found):
        await store.lock_person(work.db, person_id)
    for id, _ in found:
        declaration = await store.find_declaration(work.db, id)
        if declaration.on(work.today).status is not declaration.status:
            await _end(work, declaration, None, None)
    return len(found)


async def end_of_employee(work: Work, employee_id: UUID, *, reason: str, most: int) -> int:
    """End live declarations of a dismissed doctor (EM-24), `most` at a time; return how many were ended."""
    found = await store.live_of_employee(work.db, employee_id, most)
    # Persons first, then the count of the party: in the order of `declare`, so that two never wait for each other.
    for person_id in sorted(each.person_id for each in found):
        await store.lock_person(work.db, person_id)
    for each in found:
        declaration = await store.find_declaration(work.db, each.id)
        if declaration.status in LIVE:
            await _end(work, declaration, reason, None)
    work.record(Event.DECLARATIONS_ENDED, employee_id, count=len(found))
    return len(found)


async def _end(work: Work, declaration: Declaration, reason: str | None, description: str | None) -> Declaration:
    """Terminated for a reason; one whose last day is over is closed, which needs none."""
    is_over = declaration.on(work.today).status is Status.CLOSED
    status = move(MOVES, declaration.status, Status.CLOSED if is_over else Status.TERMINATED)
    reason, description = (None, None) if is_over else (reason, description)
    ended = replace(
        declaration, status=status, reason=reason, reason_description=description, updated_at=work.performed_at
    )
    await store.save_status(work.db, ended, work.actor.user_id)
    employee = await find_employee(work.db, declaration.employee_id)
    await count_declaration(work.db, employee.party.id, -1)
    event = Event.DECLARATION_CLOSED if is_over else Event.DECLARATION_TERMINATED
    work.record(event, ended.id, patient_id=ended.person_id)
    await tell_of_end(work, ended, employee)
    return ended


async def _must_have_room(work: Work, employee: Employee, *, overlimit: bool) -> None:
    # DC-17, without its stale count (BG-14): the party's row is locked by the counting.
    limit = await limit_of_party(work, employee.party.id)
    count = await count_declaration(work.db, employee.party.id, +1)
    count -= await store.count_ended(work.db, employee.party.id, work.today)
    if limit is not None and count > limit and not overlimit:
        raise OverLimit(f"This doctor has {count - 1} declarations and could not sign more")


async def _declaration(
    work: Work, details: DeclarationDetails, person: Person, employee: Employee, id: UUID
) -> Declaration:
    method = await current_authentication_method(work.db, person.id)
    on_paper = method is not None and method.type is AuthenticationType.OFFLINE
    status, reason = first_status(no_tax_id=person.no_tax_id, on_paper=on_paper)
    return Declaration(
        id=id,
        declaration_number=number(work.dependencies.random),
        person_id=person.id,
        employee_id=employee.id,
        division_id=details.division_id,
        legal_entity_id=employee.legal_entity_id,
        declaration_request_id=details.declaration_request_id,
        start_date=work.today,
        end_date=end_date(work.today, birth_date=person.birth_date, speciality=employee.speciality),
        signed_at=work.now,
        status=status,
        reason=reason,
        seed=await store.last_seed(work.db),
        content=details.content,
        overlimit=details.overlimit,
        inserted_at=work.now,
        updated_at=work.now,
    )


async def _with_number(work: Work, declaration: Declaration) -> Declaration:
    while not await store.take_number(work.db, declaration.declaration_number, declaration.id, declaration.person_id):
        declaration = replace(declaration, declaration_number=number(work.dependencies.random))
    return declaration
