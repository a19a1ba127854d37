"""Merges: ask the person, take the code, take the signature, let the records be theirs."""

from dataclasses import replace
from uuid import UUID

from esoz.central import verifications
from esoz.central.organisations import client_of, find_legal_entity, must_be_acting, user_of
from esoz.central.people import Person, authentication_methods, find_person, must_be_active, phone_of
from esoz.central.prepersons import Preperson, end_preperson, find_preperson
from esoz.central.prepersons import must_be_active as preperson_must_be_active
from esoz.central.prepersons import must_be_ours as preperson_must_be_ours
from esoz.central.workforce import employees_of_user
from esoz.kernel import documents
from esoz.kernel.errors import Forbidden, NotFound, rejected
from esoz.kernel.signed import Opened, must_be_signed_by, must_equal, open_signed
from esoz.kernel.states import move
from esoz.kernel.work import Work

from . import policy, store
from .content import data_to_be_signed
from .model import (
    MOVES,
    OPEN,
    Event,
    MergeRequest,
    NewRequest,
    SameRecords,
    Status,
    Unfinished,
    WrongState,
    must_be,
    signed_form,
    status_at,
)

FIELD = "$.signed_content"
DIFFERENT = "Signed content does not match the previously created content"
BATCH = 500


async def create(work: Work, new: NewRequest) -> MergeRequest:
    """Ask a person whether somebody unidentified was they; a request before it is rejected.

    Raises Rejected naming the field, Conflict for who is not active, TooMany.
    """
    clinic, by = client_of(work.actor), user_of(work.actor)
    must_be_acting(await find_legal_entity(work.db, clinic))
    await _both(work, new.master_person_id, new.merge_person_id)
    phone = await _phone(work, new)
    before = await store.open_request(work.db, new.merge_person_id)
    if before is not None:
        await _end(work, before, Status.REJECTED if status_at(before, work.now) is before.status else Status.EXPIRED)
    request = MergeRequest(
        id=work.new_id(),
        master_person_id=new.master_person_id,
        merge_person_id=new.merge_person_id,
        legal_entity_id=clinic,
        phone=phone,
        inserted_at=work.now,
        inserted_by=by,
        updated_at=work.now,
        updated_by=by,
    )
    await verifications.start(work, phone, content_hash=request.purpose)
    await store.add(work.db, request)
    work.record(Event.CREATED, request.id, patient_id=request.master_person_id)
    return request


async def resend_code(work: Work, id: UUID) -> verifications.Verification:
    """Send another code; the one before is void (OT-3). Raises NotFound, WrongState, TooMany."""
    request = await _ours(work, id)
    must_be(request, Status.NEW, work.now)
    sent = await verifications.start(work, request.phone, content_hash=request.purpose)
    work.record(Event.RESENT, id, patient_id=request.master_person_id)
    return sent


async def approve(work: Work, id: UUID, code: int | None) -> MergeRequest:
    """The person says yes by the code. Raises NotFound, WrongState, Rejected without a code, Forbidden (OT-2)."""
    request = await _ours(work, id)
    must_be(request, Status.NEW, work.now)
    if code is None:
        message = "required property verification_code was not present"
        raise rejected("$.verification_code", message, rule="required")
    person, preperson = await _both(work, request.master_person_id, request.merge_person_id)
    tried = await verifications.complete(work, request.phone, str(code))
    if tried.content_hash != request.purpose:
        raise verifications.InvalidCode()
    approved = _moved(work, request, Status.APPROVED)
    approved = replace(approved, data_to_be_signed=await data_to_be_signed(work, approved, person, preperson))
    await store.save(work.db, approved)
    work.record(Event.APPROVED, id, patient_id=request.master_person_id)
    return approved


async def reject(work: Work, id: UUID) -> MergeRequest:
    """Give a request up. Raises NotFound, WrongState."""
    request = await _ours(work, id)
    if status_at(request, work.now) not in OPEN:
        raise WrongState()
    return await _end(work, request, Status.REJECTED)


async def sign(work: Work, id: UUID, document: str) -> MergeRequest:
    """The employee signs what the patient has read; from then on the records are the person's, all or none.

    Raises NotFound, WrongState, Rejected naming the field, Forbidden for who does not work here, Conflict while records
    wait or stand at both.
    """
    request = await _ours(work, id)
    must_be(request, Status.APPROVED, work.now)
    opened = await _signed_here(work, request, document)
    _, preperson = await _both(work, request.master_person_id, request.merge_person_id)
    if await store.has_waiting_jobs(work.db, preperson.id):
        raise Unfinished()
    if await store.has_same_records(work.db, preperson.id, request.master_person_id):
        raise SameRecords()
    name = await documents.keep(work.db, f"merge_requests/{id}", opened.document)
    await store.move_records(work.db, preperson.id, request.master_person_id)
    await end_preperson(work, preperson, request.master_person_id)
    await store.remember(work.db, request, work.new_id(), work.now)
    signed = replace(_moved(work, request, Status.SIGNED), document=name)
    await store.save(work.db, signed)
    work.record(Event.SIGNED, id, patient_id=request.master_person_id)
    return signed


async def expire_requests(work: Work) -> None:
    """End requests that nobody finished in a week."""
    for id, person_id in await store.expire(work.db, work.now, BATCH):
        work.record(Event.EXPIRED, id, patient_id=person_id)


async def wipe_finished(work: Work) -> None:
    """Forget personal data of requests that were finished a month ago; the signed document stays."""
    await store.wipe(work.db, work.now, BATCH)


async def _ours(work: Work, id: UUID) -> MergeRequest:
    """A request of the caller's clinic, locked; the unidentified patient first, as `create` does."""
    found = await store.find_request(work.db, id)
    policy.must_be_ours(work.actor, found)
    await find_preperson(work.db, found.merge_person_id, lock=True)
    return await store.find_request(work.db, id, lock=True)


async def _both(work: Work, master_person_id: UUID, merge_person_id: UUID) -> tuple[Person, Preperson]:
    """The person and the unidentified patient, locked; both active, the latter of the caller's clinic."""
    try:
        preperson = await find_preperson(work.db, merge_person_id, lock=True)
        preperson_must_be_ours(work.actor, preperson)
    except NotFound as fault:
        raise rejected("$.merge_person_id", "Preperson is not found") from fault
    preperson_must_be_active(preperson)
    try:
        person = await find_person(work.db, master_person_id)
    except NotFound as fault:
        raise rejected("$.master_person_id", "Person is not found") from fault
    must_be_active(person)
    return person, preperson


async def _phone(work: Work, new: NewRequest) -> str:
    """Where the code goes to: by the method asked for, else by the first that has a telephone. Raises Rejected."""
    methods = await authentication_methods(work.db, new.master_person_id)
    if new.authorize_with is not None:
        methods = [method for method in methods if method.id == new.authorize_with]
        if not methods:
            raise rejected("$.authorize_with", "Person's authentication method doesn't exist")
    for method in methods:
        phone = await phone_of(work, method)
        if phone is not None:
            return phone
    raise rejected("$.authorize_with", "Person must have authentication method with a phone number")


async def _signed_here(work: Work, request: MergeRequest, document: str) -> Opened:
    """The document as one of our employees signed it under their own name, with all that was approved."""
    employees = await employees_of_user(work.db, user_of(work.actor), request.legal_entity_id)
    if not employees:
        raise Forbidden()
    opened = await open_signed(work, document, field=FIELD)
    must_be_signed_by(opened.signer, employees[0].party.tax_id, field=FIELD)
    must_equal(opened.content, signed_form(request), message=DIFFERENT)
    return opened


async def _end(work: Work, request: MergeRequest, status: Status) -> MergeRequest:
    ended = _moved(work, request, status)
    await store.save(work.db, ended)
    event = Event.REJECTED if status is Status.REJECTED else Event.EXPIRED
    work.record(event, request.id, patient_id=request.master_person_id)
    return ended


def _moved(work: Work, request: MergeRequest, status: Status) -> MergeRequest:
    moved = move(MOVES, request.status, status)
    return replace(request, status=moved, updated_at=work.now, updated_by=user_of(work.actor))
