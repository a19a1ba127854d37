"""A person adds a telephone, renames or ends a way to authenticate through a cabinet, signed in with their own key."""

from dataclasses import replace
from uuid import UUID

from esoz.central import people, verifications
from esoz.central.people import AuthenticationMethod, Person
from esoz.kernel.errors import NotFound
from esoz.kernel.faults import must_hold
from esoz.kernel.work import Work

from ..model.confirmation import CodeSent, WrongCode, guessed, is_right
from ..model.events import Event
from ..model.methods import (
    ROOT,
    Action,
    Change,
    MethodRequest,
    Status,
    change_faults,
    completed,
    must_await_code,
    must_be_of_use,
)
from ..model.requests import OWN_CHANNEL, TERM
from ..store import methods as store
from .confirmation import TEXT_OF_CABINET, record_who_confirmed, way_of, with_code_sent
from .methods import must_be_possible, perform


async def create(work: Work, change: Change, otp: int | None) -> MethodRequest:
    """Ask to add a telephone: a code to it shows that it is in hand, another one goes to the telephone of now.

    Raises Forbidden, NotActive, Rejected, Conflict, TooMany, and CodeSent until the new telephone has answered (PS-11).
    """
    person = await _person(work)
    await must_be_possible(work, person, Action.INSERT, change)
    await _must_be_in_hand(work, person, change, otp)
    way = await way_of(work, person.id, None)
    request = MethodRequest(
        id=work.new_id(),
        person_id=person.id,
        status=Status.NEW,
        action=Action.INSERT,
        channel=OWN_CHANNEL,
        legal_entity_id=None,
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
    await store.cancel_older(work.db, person.id, None, work.now)
    if request.phone is not None:
        request = await with_code_sent(work, request, text=TEXT_OF_CABINET)
    await store.add(work.db, request)
    work.record(Event.METHOD_REQUESTED, request.id, patient_id=person.id, action=str(Action.INSERT))
    return request


async def approve(work: Work, id: UUID, code: int | None) -> MethodRequest:
    """Add the telephone. Who has no telephone yet needs no code: their own key signed them in.

    Raises NotFound, Conflict, Rejected, WrongCode, Forbidden.
    """
    request = await _own(work, id)
    done = completed(request, work.now, work.actor.user_id)
    if request.phone is not None and not is_right(request, code, secret=work.dependencies.secret, now=work.now):
        await store.save(work.db, guessed(request, work.now))
        work.record(Event.METHOD_CODE_REFUSED, id, patient_id=request.person_id)
        raise WrongCode()
    await perform(work, request)
    await store.save(work.db, done)
    work.record(Event.METHOD_CHANGED, id, patient_id=request.person_id, action=str(request.action))
    if request.phone is not None:
        record_who_confirmed(work, request)
    return done


async def resend(work: Work, id: UUID) -> MethodRequest:
    """Send another code (DC-13). Raises NotFound, Conflict, Forbidden, TooMany."""
    request = await _own(work, id)
    must_await_code(request, work.now)
    changed = await with_code_sent(work, request, text=TEXT_OF_CABINET)
    await store.save(work.db, changed)
    work.record(Event.METHOD_CODE_RESENT, id, patient_id=request.person_id)
    return changed


async def rename(work: Work, id: UUID, alias: str | None) -> people.Method:
    """What the person calls a method; no word takes the name away. Raises NotFound, Rejected."""
    person, methods = await _held(work)
    method = _of(methods, id)
    if alias is not None:
        must_hold(change_faults(Action.UPDATE, Change(id=id, alias=alias), methods))
    await people.rename_authentication_method(work, person.id, id, alias)
    return await _shown(work, replace(method, alias=alias, updated_at=work.now, updated_by=work.actor.user_id))


async def deactivate(work: Work, id: UUID) -> people.Method:
    """Nothing is confirmed by a method any more; the last one stays. Raises NotFound, Conflict."""
    person, methods = await _held(work)
    method = _of(methods, id)
    must_be_of_use(Action.DEACTIVATE, Change(id=id), methods)
    await people.end_authentication_method(work, person.id, id)
    ended = replace(method, is_active=False, ended_at=work.now, updated_at=work.now, updated_by=work.actor.user_id)
    return await _shown(work, ended)


async def _must_be_in_hand(work: Work, person: Person, change: Change, otp: int | None) -> None:
    phone = change.phone_number
    assert phone is not None  # the schema has it
    if await verifications.is_verified(work.db, phone):
        return
    if otp is None:
        await verifications.start(work, phone, entry=f"{ROOT}.phone_number")
        work.record(Event.OWN_METHOD_CODE_SENT, person.id, patient_id=person.id)
        raise CodeSent()
    await verifications.complete(work, phone, str(otp))


async def _person(work: Work, *, lock: bool = False) -> Person:
    """The active person who asks. Raises Forbidden, NotActive."""
    person = await people.find_person(work.db, people.patient_of(work.actor), lock=lock)
    people.must_be_active(person)
    return person


async def _held(work: Work) -> tuple[Person, list[AuthenticationMethod]]:
    """The person, held so that of two ends at once one method is left."""
    person = await _person(work, lock=True)
    return person, await people.authentication_methods(work.db, person.id)


def _of(methods: list[AuthenticationMethod], id: UUID) -> AuthenticationMethod:
    found = next((method for method in methods if method.id == id), None)
    if found is None:
        raise NotFound()
    return found


async def _own(work: Work, id: UUID) -> MethodRequest:
    """An own request of the person who asks, held; another's, or a clinic's, is not found."""
    request = await store.find(work.db, people.patient_of(work.actor), id)
    if request.channel != OWN_CHANNEL:
        raise NotFound()
    return request


async def _shown(work: Work, method: AuthenticationMethod) -> people.Method:
    other = await people.find_person(work.db, method.value) if method.value else None
    return people.Method(method, other)
