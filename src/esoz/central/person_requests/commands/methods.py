"""A clinic asks to add, rename or end a way to authenticate; the person confirms, and it is done."""

from uuid import UUID

from esoz.central import people
from esoz.central.organisations import find_legal_entity, must_be_acting
from esoz.central.people import Person
from esoz.central.uploads import Expected, abandon, close, expect, keep_taken
from esoz.central.verifications import is_verified
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.work import Work

from .. import policy
from ..model.confirmation import Unverified, Way, WrongCode, guessed, is_right, needed_papers
from ..model.events import Event
from ..model.methods import (
    FOLDER,
    ROOT,
    Action,
    Change,
    MethodRequest,
    Status,
    age_faults,
    change_faults,
    completed,
    must_await_code,
    must_be_of_use,
)
from ..model.requests import TERM
from ..store import methods as store
from .confirmation import record_who_confirmed, way_of, with_code_sent


async def create(work: Work, person_id: UUID, action: Action, change: Change) -> tuple[MethodRequest, list[Expected]]:
    """Ask an active person to confirm a change by a way that they have now: a code, or scans of their papers.

    Raises NotFound, Conflict, Rejected, Unverified, TooMany.
    """
    must_be_acting(await find_legal_entity(work.db, policy.clinic_of(work.actor)))
    person = await people.find_person(work.db, person_id)
    people.must_be_active(person)
    await must_be_possible(work, person, action, change)
    await _must_be_verified(work, action, change)
    request = _request(work, person_id, action, change, await way_of(work, person_id, None))
    older = await store.cancel_older(work.db, person_id, request.legal_entity_id, work.now)
    await abandon(work, FOLDER, older)
    if request.phone is not None:
        request = await with_code_sent(work, request)
    await store.add(work.db, request)
    papers = needed_papers(person, request.method)
    documents = await expect(work, FOLDER, request.id, papers, until=request.expires_at, patient_id=person_id)
    work.record(Event.METHOD_REQUESTED, request.id, patient_id=person_id, action=str(action))
    return request, documents


async def approve(work: Work, person_id: UUID, id: UUID, code: int | None) -> MethodRequest:
    """Take the code, or the scans, and do what was asked for. Raises NotFound, Conflict, Rejected, WrongCode."""
    request = await _ours(work, person_id, id)
    done = completed(request, work.now, work.actor.user_id)
    if request.phone is not None and not is_right(request, code, secret=work.dependencies.secret, now=work.now):
        await store.save(work.db, guessed(request, work.now))
        work.record(Event.METHOD_CODE_REFUSED, id, patient_id=person_id)
        raise WrongCode()
    await close(work, FOLDER, id)
    await perform(work, request)
    await store.save(work.db, done)
    await keep_taken(work, FOLDER, id)
    work.record(Event.METHOD_CHANGED, id, patient_id=person_id, action=str(request.action))
    record_who_confirmed(work, request)
    return done


async def resend(work: Work, person_id: UUID, id: UUID) -> MethodRequest:
    """Send another code (DC-13). Raises NotFound, Conflict, Forbidden, TooMany."""
    request = await _ours(work, person_id, id)
    must_await_code(request, work.now)
    changed = await with_code_sent(work, request)
    await store.save(work.db, changed)
    work.record(Event.METHOD_CODE_RESENT, id, patient_id=person_id)
    return changed


async def _must_be_verified(work: Work, action: Action, change: Change) -> None:
    # PS-11
    if action is Action.INSERT and change.phone_number and not await is_verified(work.db, change.phone_number):
        raise Unverified()


async def must_be_possible(work: Work, person: Person, action: Action, change: Change) -> None:
    """Raise Rejected or Conflict unless the person may have this change as their methods are now."""
    methods = await people.authentication_methods(work.db, person.id)
    must_hold(change_faults(action, change, methods))
    must_hold(age_faults(action, change, person.birth_date, work.today))
    must_be_of_use(action, change, methods)
    if action is not Action.INSERT:
        return
    if change.value is not None and not await people.speaks_for(work.db, change.value, person.id, work.today):
        raise rejected(f"{ROOT}.value", "Third person must be an active confidant person")
    if change.phone_number is not None:
        await people.must_be_free_phone(work, change.phone_number, entry=f"{ROOT}.phone_number")


async def perform(work: Work, request: MethodRequest) -> None:
    """The person is held, so that of two ends at once one method is left; all is looked at again."""
    change = request.change
    person = await people.find_person(work.db, request.person_id, lock=True)
    people.must_be_active(person)
    if change.phone_number is not None:
        await people.hold_phone(work, change.phone_number)
    await must_be_possible(work, person, request.action, change)
    await _must_be_verified(work, request.action, change)
    if request.action is Action.INSERT:
        await people.add_authentication_method(work, person.id, change.details())
        return
    assert change.id is not None
    if request.action is Action.UPDATE:
        await people.rename_authentication_method(work, person.id, change.id, change.alias)
    else:
        await people.end_authentication_method(work, person.id, change.id)


async def _ours(work: Work, person_id: UUID, id: UUID) -> MethodRequest:
    """A request of the caller's clinic about this person, held; another's is not found."""
    request = await store.find(work.db, person_id, id)
    if request.legal_entity_id != policy.clinic_of(work.actor):
        raise NotFound()
    return request


def _request(work: Work, person_id: UUID, action: Action, change: Change, way: Way) -> MethodRequest:
    return MethodRequest(
        id=work.new_id(),
        person_id=person_id,
        status=Status.NEW,
        action=action,
        legal_entity_id=policy.clinic_of(work.actor),
        change=change,
        method=way.type,
        phone=way.phone,
        confirmed_by=way.by,
        expires_at=work.now + TERM,
        inserted_at=work.now,
        inserted_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
