"""A request for a declaration: made by the clinic, confirmed by the patient, given up, over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from esoz.central import uploads, verifications
from esoz.central.organisations import client_of, user_of
from esoz.central.people import (
    AuthenticationType,
    Person,
    authentication_methods,
    confidants,
    find_person,
    way_to_confirm,
)
from esoz.central.uploads import Expected
from esoz.central.verifications import Verification
from esoz.central.workforce import limit_of_party
from esoz.kernel.errors import Forbidden, NotFound, rejected
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content.requests import Parties, to_be_signed
from ..model import Channel, DeclarationRequest, Event, NewRequest, NoPerson, OverLimit, end_date, has_place, papers
from ..model.declarations import number
from ..model.requests import INVALID_TRANSITION, MOVES, UPLOADS, Status, must_come_from_clinic
from ..store import declarations
from ..store import requests as store
from .choosing import Choice, chosen

CODE_TEXT = "Код {code} підтверджує вибір Вашого сімейного лікаря. Повідомте його в закладі, лише якщо згодні."
FULL = "This doctor has {} declarations and could not sign more"


@dataclass(frozen=True, slots=True)
class CreatedRequest:
    """A new request, and the links for the scans that it waits for."""

    request: DeclarationRequest
    documents: Sequence[Expected]


async def create(work: Work, new: NewRequest) -> CreatedRequest:
    """Ask a patient whether they choose this doctor (DC-3, DC-4). Raises NoPerson, Rejected, Conflict, TooManyCodes."""
    person = await _person(work, new.person_id)
    choice = await chosen(work, person, new.employee_id, new.division_id, clinic=client_of(work.actor))
    await _must_be_parent(work, new)
    # DC-9: by a stored method; the code goes to the stored phone.
    _, phone = await way_to_confirm(work, person.id, new.authorize_with)
    await declarations.lock_person(work.db, person.id)
    request = await prepare(work, person, choice, Channel.MIS)
    request = replace(
        request,
        method=str(AuthenticationType.OFFLINE if phone is None else AuthenticationType.OTP),
        phone=phone,
        authorize_with=new.authorize_with,
        parent_declaration_id=new.parent_declaration_id,
        # DC-14: the code is in the outbox when the request is stored, or neither is.
        verification_id=None if phone is None else (await _send_code(work, phone)).id,
    )
    await store.add(work.db, request)
    work.record(Event.REQUEST_CREATED, request.id, patient_id=person.id)
    return CreatedRequest(request, await _expect_papers(work, request, person))


async def approve(work: Work, id: UUID, code: str | None) -> DeclarationRequest:
    """Take the patient's code and fix what will be signed (DC-15). Raises NotFound, Conflict, Rejected, OverLimit."""
    request = await _ours(work, id)
    must_come_from_clinic(request)
    status = move(MOVES, request.status_at(work.now), Status.APPROVED, message=INVALID_TRANSITION)
    person = await find_person(work.db, request.person_id)
    choice = await chosen(work, person, request.employee_id, request.division_id, clinic=request.legal_entity_id)
    if request.phone is not None:
        await _must_be_code(work, request, request.phone, code)
    # After the code: that a wrong one was tried is kept, and with it nothing else.
    await uploads.close(work, UPLOADS, request.id)
    document = await document_of(work, request, person, choice)
    # Last: others of this doctor wait for the place meanwhile. A refusal takes the code back too, which stays good.
    await must_have_place(work, request)
    approved = changed(work, request, status=status, data_to_be_signed=document)
    await store.save(work.db, approved)
    work.record(Event.REQUEST_APPROVED, request.id, patient_id=request.person_id)
    return approved


async def resend_code(work: Work, id: UUID) -> Verification:
    """Send another code; the one before is void (DC-13). Raises NotFound, Forbidden, TooManyCodes."""
    request = await _ours(work, id)
    # DC-13: only while the request waits for a code.
    if request.status_at(work.now) is not Status.NEW or request.phone is None:
        raise Forbidden("Can't resend OTP for the request")
    sent = await _send_code(work, request.phone)
    await store.save(work.db, changed(work, request, verification_id=sent.id))
    work.record(Event.REQUEST_CODE_RESENT, request.id, patient_id=request.person_id)
    return sent


async def reject(work: Work, id: UUID) -> DeclarationRequest:
    """Give up a request that is not signed yet. Raises NotFound, Conflict (DC-1)."""
    request = await _ours(work, id)
    status = move(MOVES, request.status_at(work.now), Status.REJECTED, message=INVALID_TRANSITION)
    return await close(work, request, status, Event.REQUEST_REJECTED)


async def expire_requests(work: Work, *, most: int) -> int:
    """Close requests whose time is over (DC-26), `most` at a time; return how many."""
    found = await store.expired(work.db, work.now, most)
    for person_id in sorted(person_id for _, person_id in found):
        await declarations.lock_person(work.db, person_id)
    for id, _ in found:
        request = await store.find(work.db, id)
        if request.status_at(work.now) is not request.status:
            await close(work, request, move(MOVES, request.status, Status.EXPIRED), Event.REQUEST_EXPIRED)
    return len(found)


async def forget_requests(work: Work, *, most: int) -> int:
    """Empty requests whose time was over a day ago: what was signed is kept as a document (DC-26)."""
    return await store.forget_data(work.db, work.now - _lifetime(work), most)


async def prepare(work: Work, person: Person, choice: Choice, channel: Channel) -> DeclarationRequest:
    """A new request with id and number of its declaration; open ones to the same doctor are cancelled (DC-6)."""
    for earlier in await store.open_of(work.db, person.id, choice.employee.id):
        status = move(MOVES, earlier.status_at(work.now), Status.CANCELLED) if _is_open(work, earlier) else None
        if status is not None:
            await close(work, earlier, status, Event.REQUEST_CANCELLED)
    employee = choice.employee
    limit = await limit_of_party(work, employee.party.id)
    count = await store.count_of_party(work.db, employee.party.id, but=person.id, today=work.today, now=work.now)
    return DeclarationRequest(
        id=work.new_id(),
        person_id=person.id,
        declaration_id=work.new_id(),
        declaration_number=number(work.dependencies.random),
        employee_id=employee.id,
        party_id=employee.party.id,
        division_id=choice.division.id,
        legal_entity_id=employee.legal_entity_id,
        status=Status.NEW,
        channel=channel,
        start_date=work.today,
        end_date=end_date(work.today, birth_date=person.birth_date, speciality=employee.speciality),
        method="NA",
        system_declaration_limit=limit or 0,
        current_declaration_count=count,
        expires_at=work.now + _lifetime(work),
        inserted_at=work.now,
        inserted_by=user_of(work.actor),
        updated_at=work.now,
        updated_by=user_of(work.actor),
    )


async def must_have_place(work: Work, request: DeclarationRequest) -> None:
    """Raise OverLimit for a full doctor; nobody else takes the place until the end of the transaction (DC-17)."""
    limit = await limit_of_party(work, request.party_id)
    count = await store.count_of_party(
        work.db, request.party_id, but=request.person_id, today=work.today, now=work.now, lock=True
    )
    if not has_place(count, limit):
        raise OverLimit(FULL.format(count))


async def close(work: Work, request: DeclarationRequest, status: Status, event: Event) -> DeclarationRequest:
    """The request in its last state, without the data that was to be signed."""
    closed = changed(work, request, status=status, data_to_be_signed=None)
    await store.save(work.db, closed)
    if status is not Status.EXPIRED:  # then the links have ended by themselves
        await uploads.abandon(work, UPLOADS, [request.id])
    work.record(event, request.id, patient_id=request.person_id)
    return closed


def _lifetime(work: Work) -> timedelta:
    """How long a request waits (DC-26, GP-1)."""
    return timedelta(hours=work.dependencies.settings.number("ESOZ_DECLARATION_REQUEST_HOURS"))


def _is_open(work: Work, request: DeclarationRequest) -> bool:
    return request.status_at(work.now) is request.status


async def _person(work: Work, id: UUID) -> Person:
    try:
        return await find_person(work.db, id)
    except NotFound as fault:
        raise NoPerson() from fault


async def _must_be_parent(work: Work, new: NewRequest) -> None:
    if new.parent_declaration_id is None:
        return
    try:
        parent = await declarations.find_declaration(work.db, new.parent_declaration_id)
    except NotFound as fault:
        raise rejected("$.parent_declaration_id", "Declaration not found") from fault
    if parent.person_id != new.person_id:
        raise rejected("$.parent_declaration_id", "Declaration not found")


async def _ours(work: Work, id: UUID) -> DeclarationRequest:
    """A request of the caller's clinic, its person locked; another clinic's is NotFound."""
    request = await store.find(work.db, id)
    policy.must_be_ours(work.actor, request)
    await declarations.lock_person(work.db, request.person_id)
    return await store.find(work.db, id)


async def _must_be_code(work: Work, request: DeclarationRequest, phone: str, code: str | None) -> None:
    if code is None:
        message = "required property verification_code was not present"
        raise rejected("$.verification_code", message, rule="required")
    try:
        await verifications.complete(work, phone, code, id=request.verification_id)
    except (verifications.InvalidCode, verifications.NoTriesLeft):
        work.record(Event.REQUEST_CODE_REFUSED, request.id, patient_id=request.person_id)
        raise


async def _expect_papers(work: Work, request: DeclarationRequest, person: Person) -> Sequence[Expected]:
    speakers = await confidants(work.db, person.id, work.today)
    types = papers(person, speakers, on_paper=request.phone is None)
    return await uploads.expect(
        work, UPLOADS, request.id, types, until=request.expires_at, patient_id=request.person_id
    )


async def _send_code(work: Work, phone: str) -> Verification:
    return await verifications.start(work, phone, entry="$.authorize_with", text=CODE_TEXT)


async def document_of(work: Work, request: DeclarationRequest, person: Person, choice: Choice) -> dict[str, object]:
    parties = Parties(
        person=person,
        confidants=await confidants(work.db, person.id, work.today),
        methods=await authentication_methods(work.db, person.id),
        employee=choice.employee,
        division=choice.division,
        legal_entity=choice.legal_entity,
    )
    return to_be_signed(request, parties, await declarations.last_seed(work.db))


def changed(work: Work, request: DeclarationRequest, **changes: Any) -> DeclarationRequest:
    return replace(request, **changes, updated_at=work.performed_at, updated_by=work.actor.user_id)
