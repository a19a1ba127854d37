"""The way of a system through the register, each step a decision with a date, a reason and a name."""

from dataclasses import dataclass, replace
from uuid import UUID

from esoz.central import identity
from esoz.kernel.errors import Conflict, NotFound, Rejected, rejected
from esoz.kernel.states import move
from esoz.kernel.work import Work

from . import store
from .model import (
    MOST,
    MOVES,
    Application,
    Contacts,
    Decision,
    Entry,
    Event,
    Result,
    Status,
    application_faults,
    broker_scopes,
    contact_faults,
    missing_tests,
    programme_for,
    version_faults,
)

MIS, MIS_USER = "MIS", "MIS_USER"


async def apply(work: Work, application: Application) -> Entry:
    """Take a vendor's application. Raises Rejected naming the fields, Conflict when this product is here already."""
    if faults := application_faults(application):
        raise Rejected(invalid=tuple(faults))
    if await store.is_open(work.db, application.edrpou, application.product):
        raise Conflict("This system stands in the register already")
    entry = Entry(work.new_id(), None, application, Status.SUBMITTED, work.now, work.now, {})
    await store.add(work.db, entry)
    await _note(work, entry.id, Status.SUBMITTED, "")
    work.record(Event.APPLIED, entry.id)
    return entry


async def enter(work: Work, broker_id: UUID, application: Application, *, reason: str) -> Entry:
    """Put a vendor that is connected already into the register with its contacts."""
    if faults := application_faults(application):
        raise Rejected(invalid=tuple(faults))
    entry = Entry(work.new_id(), broker_id, application, Status.CONNECTED, work.now, work.now, {})
    await store.add(work.db, entry)
    await _note(work, entry.id, Status.CONNECTED, reason)
    work.record(Event.ENTERED, entry.id)
    return entry


async def begin_testing(work: Work, mis_id: UUID, reason: str = "") -> Entry:
    """Begin the tests, or begin them anew for another version."""
    return await _move(work, await _found(work, mis_id), Status.TESTING, reason)


async def record_result(work: Work, mis_id: UUID, test: str, *, passed: bool, note: str = "") -> None:
    """Note the result of one test. Raises Rejected for a test of another programme, Conflict outside of testing."""
    entry = await _found(work, mis_id)
    if entry.status is not Status.TESTING:
        raise Conflict("The system is not being tested")
    if test not in {each.code for each in programme_for(entry.application.areas)}:
        raise rejected("$.test", "is not in the programme")
    result = Result(test, passed, note[:MOST], work.now)
    await store.save_result(work.db, mis_id, result, work.actor.user_id)
    work.record(Event.TESTED, mis_id, test=test, passed=passed)


async def pass_tests(work: Work, mis_id: UUID, reason: str = "") -> Entry:
    """Find that a system conforms. Raises Conflict while a test of its programme was not passed."""
    entry = await _found(work, mis_id)
    missing = missing_tests(entry.application.areas, await store.results(work.db, mis_id))
    if missing:
        raise Conflict(f"Tests are not passed: {', '.join(test.code for test in missing)}")
    return await _move(work, entry, Status.TESTED, reason)


async def reject(work: Work, mis_id: UUID, reason: str) -> Entry:
    """Refuse an application; the vendor may apply again."""
    return await _move(work, await _found(work, mis_id), Status.REJECTED, _given(reason))


@dataclass(frozen=True, slots=True)
class Access:
    """What a vendor's system works with, told this one time only: headers, and its own client for registrations."""

    api_key: str
    psk: str
    client_id: UUID
    client_secret: str


async def connect(work: Work, mis_id: UUID, reason: str = "", *, reset_page: str = "") -> Access:
    """Connect a tested system and let its vendor register clinics (LE-14): a client of type MIS with one user.

    The user is who wrote the application; a new one sets a password by the link of a mail, which leads to `reset_page`.
    """
    entry = await _found(work, mis_id)
    if entry.status is Status.BLOCKED:
        raise Conflict("The system is blocked")
    moved = await _move(work, entry, Status.CONNECTED, reason)
    application = entry.application
    broker_id = await identity.create_broker(
        work,
        name=application.product,
        kind=MIS,
        api_key=work.dependencies.random(32).hex(),
        scopes=broker_scopes(application.areas),
    )
    await store.save(work.db, replace(moved, broker_id=broker_id))
    keys = await identity.refresh_broker_keys(work, broker_id)
    await identity.create_client(work, id=mis_id, name=application.product, type=MIS)
    secret = await identity.connect(
        work, client_id=mis_id, broker_id=broker_id, redirect_uri=application.contacts.website
    )
    await _let_in(work, mis_id, application.contact_email, reset_page)
    return Access(keys.api_key, keys.psk, mis_id, secret)


async def _let_in(work: Work, client_id: UUID, email: str, reset_page: str) -> None:
    """The vendor's user at the vendor's client; who has an account keeps its password."""
    user = await identity.user_by_email(work.db, email)
    if user is None:
        # Nobody knows this password: the first one of theirs is set by the link of a mail.
        password = f"Aa1{work.dependencies.random(32).hex()}"
        user = await identity.create_user(work, email=email, password=password)
        if reset_page:
            await identity.ask_reset(work, email, page=reset_page)
    await identity.give_role(work, user.id, client_id, MIS_USER)


async def refresh_keys(work: Work, mis_id: UUID) -> identity.BrokerKeys:
    """New keys of a connected system; those before are refused from now on."""
    entry = await _found(work, mis_id)
    if entry.broker_id is None or entry.status is not Status.CONNECTED:
        raise Conflict("The system is not connected")
    return await identity.refresh_broker_keys(work, entry.broker_id)


async def block(work: Work, mis_id: UUID, reason: str) -> Entry:
    """Stop a system at once: everyone who comes through it gets 401 until it is unblocked."""
    moved = await _move(work, await _found(work, mis_id), Status.BLOCKED, _given(reason))
    await identity.block_broker(work, _broker(moved), reason)
    return moved


async def unblock(work: Work, mis_id: UUID, reason: str) -> Entry:
    """Let a blocked system work again."""
    entry = await _found(work, mis_id)
    if entry.status is not Status.BLOCKED:
        raise Conflict("The system is not blocked")
    moved = await _move(work, entry, Status.CONNECTED, _given(reason))
    await identity.unblock_broker(work, _broker(moved))
    return moved


async def disconnect(work: Work, mis_id: UUID, reason: str) -> Entry:
    """End the work of a system for good; another application begins anew."""
    entry = await _found(work, mis_id)
    moved = await _move(work, entry, Status.DISCONNECTED, _given(reason))
    if entry.status is not Status.BLOCKED:
        await identity.block_broker(work, _broker(moved), reason)
    return moved


async def change_contacts(work: Work, mis_id: UUID, contacts: Contacts) -> Entry:
    """Change whom users call. Raises Rejected naming the fields."""
    if faults := contact_faults(contacts):
        raise Rejected(invalid=tuple(faults))
    entry = await _found(work, mis_id)
    changed = replace(entry, application=replace(entry.application, contacts=contacts), updated_at=work.now)
    await store.save(work.db, changed)
    work.record(Event.CHANGED, mis_id)
    return changed


async def change_versions(work: Work, mis_id: UUID, version: str, oldest: str) -> Entry:
    """Change which version was tested, and which is the oldest that may work; `oldest` empty: any may.

    Raises Rejected naming the fields.
    """
    if faults := version_faults(version, oldest):
        raise Rejected(invalid=tuple(faults))
    entry = await _found(work, mis_id)
    application = replace(entry.application, version=version)
    changed = replace(entry, application=application, oldest_version=oldest or None, updated_at=work.now)
    await store.save(work.db, changed)
    work.record(Event.VERSIONS_CHANGED, mis_id, version=version, oldest_version=oldest or None)
    return changed


async def _move(work: Work, entry: Entry, target: Status, reason: str) -> Entry:
    moved = replace(entry, status=move(MOVES, entry.status, target), updated_at=work.now)
    await store.save(work.db, moved)
    await _note(work, entry.id, target, reason)
    work.record(Event.MOVED, entry.id, status=str(target))
    return moved


async def _note(work: Work, mis_id: UUID, status: Status, reason: str) -> None:
    decision = Decision(status, reason[:MOST], work.actor.user_id, work.now)
    await store.add_decision(work.db, mis_id, decision, id=work.new_id())


async def _found(work: Work, mis_id: UUID) -> Entry:
    entry = await store.find(work.db, mis_id, lock=True)
    if entry is None:
        raise NotFound()
    return entry


def _broker(entry: Entry) -> UUID:
    if entry.broker_id is None:
        raise Conflict("The system was never connected")
    return entry.broker_id


def _given(reason: str) -> str:
    if not reason.strip():
        raise rejected("$.reason", "is empty")
    return reason.strip()
