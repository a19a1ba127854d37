"""What a clinic does with a request about a person: writes it down, has it confirmed, signs it, or gives it up."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from esoz.central import people
from esoz.central.organisations import find_legal_entity, must_be_acting
from esoz.central.people import AuthenticationDetails, AuthenticationType, PersonDetails
from esoz.central.uploads import Expected, abandon, close, expect, keep_taken
from esoz.central.verifications import is_verified
from esoz.kernel import documents
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.payload import without_nulls
from esoz.kernel.signed import must_be_signed_by, must_equal, open_signed
from esoz.kernel.work import Work

from .. import policy
from ..content import printed_form, to_be_signed
from ..model.confirmation import Unverified, Way, WrongCode, guessed, is_right, needed_papers
from ..model.events import Event
from ..model.requests import (
    FOLDER,
    TERM,
    PersonRequest,
    Status,
    identity_of,
    moved,
    must_await_code,
    must_suit_purpose,
)
from ..store import requests
from .confirmation import UNKNOWN_METHOD, record_who_confirmed, way_of, with_code_sent

SIGNED = "$.signed_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the clinic asks for: `person_id` is None for somebody new, `authorize_with` the method that they choose."""

    version: int
    details: PersonDetails
    person_id: UUID | None = None
    authorize_with: UUID | None = None


async def create(work: Work, order: Order) -> tuple[PersonRequest, list[Expected]]:
    """Write a request down, and ask the person: by a code, or for scans of the papers that they show.

    Raises Conflict when the person is registered already or cannot be changed, Rejected, Unverified, TooMany.
    """
    clinic = await find_legal_entity(work.db, policy.clinic_of(work.actor))
    must_be_acting(clinic)
    details, is_new = order.details, order.person_id is None
    must_suit_purpose(details, is_new=is_new)
    if (known := await _must_be_there(work, order.person_id)) is not None:
        details = people.as_registered(known, details)
        order = replace(order, details=details)
    await people.must_be_acceptable(work, details, is_known=not is_new)
    await _must_be_unique(work, details, order.person_id)
    way = await (_way_of_new(work, order) if is_new else way_of(work, order.person_id, order.authorize_with))
    content = printed_form(details, f"{clinic.name}, ЄДРПОУ {clinic.edrpou}", work.today, is_new=is_new)
    request = _request(work, order, way, content)
    await abandon(work, FOLDER, await requests.cancel_older(work.db, clinic.id, request.identity, work.now))
    if way.phone is not None:
        request = await with_code_sent(work, request)
    await requests.add(work.db, request)
    papers = needed_papers(details, way.type)
    documents = await expect(work, FOLDER, request.id, papers, until=request.expires_at, patient_id=request.patient_id)
    work.record(Event.CREATED, request.id, patient_id=request.patient_id, is_new=is_new)
    return request, documents


async def approve(work: Work, version: int, id: UUID, code: int | None) -> PersonRequest:
    """Take the person's code, or the scans of their papers (DC-15).

    Raises NotFound, Conflict (the status, or what is missing), Rejected, WrongCode, Forbidden.
    """
    request = await _ours(work, id, version)
    approved = moved(request, Status.APPROVED, work.now, work.actor.user_id)
    if request.phone is not None and not is_right(request, code, secret=work.dependencies.secret, now=work.now):
        await requests.save(work.db, guessed(request, work.now))
        work.record(Event.CODE_REFUSED, id, patient_id=request.patient_id)
        raise WrongCode()
    await close(work, FOLDER, id)
    await requests.save(work.db, approved)
    work.record(Event.APPROVED, id, patient_id=request.patient_id)
    record_who_confirmed(work, request)
    return approved


async def resend(work: Work, id: UUID) -> PersonRequest:
    """Send another code (DC-13). Raises NotFound, Conflict, Forbidden, TooMany."""
    request = await _ours(work, id, None)
    must_await_code(request, work.now)
    changed = await with_code_sent(work, request)
    await requests.save(work.db, changed)
    work.record(Event.CODE_RESENT, id, patient_id=request.patient_id)
    return changed


async def reject(work: Work, version: int, id: UUID) -> PersonRequest:
    """Give a request up. Raises NotFound, Conflict."""
    request = await _ours(work, id, version)
    given_up = moved(request, Status.REJECTED, work.now, work.actor.user_id)
    await requests.save(work.db, given_up)
    await abandon(work, FOLDER, [id])
    work.record(Event.REJECTED, id, patient_id=request.patient_id)
    return given_up


async def sign(work: Work, version: int, id: UUID, document: str) -> PersonRequest:
    """Register the person, or change their data, by the form that an employee of the clinic has signed (DC-19).

    Of two signatures at once exactly one wins. Raises NotFound, Conflict, Rejected, Forbidden.
    """
    await _hold_identity(work, id)
    request = await _ours(work, id, version)
    changed = moved(request, Status.SIGNED, work.now, work.actor.user_id)
    tax_id = await people.tax_id_of_signer(work)
    opened = await open_signed(work, document, field=SIGNED)
    must_be_signed_by(opened.signer, tax_id, field=SIGNED)
    if opened.content.get("patient_signed") is not True:
        raise rejected("$.patient_signed", "Patient must sign person request form")
    message = "Signed content does not match the previously created content"
    must_equal(without_nulls(opened.content), without_nulls(to_be_signed(request)), message=message)
    name = await documents.keep(work.db, f"{FOLDER}/{id}", opened.document)
    await _take_over(work, request)
    changed = replace(changed, signed_document=name)
    await requests.save(work.db, changed)
    await keep_taken(work, FOLDER, id)
    work.record(Event.SIGNED, id, patient_id=request.person_id)
    return changed


async def _hold_identity(work: Work, id: UUID) -> None:
    """Before the request itself: who asks anew about the same person holds them in this order, too."""
    request = await requests.find(work.db, id)
    policy.must_be_ours(work.actor, request)
    if request.is_new:
        await people.hold_identity(work, request.details)


async def _take_over(work: Work, request: PersonRequest) -> None:
    """The details were judged when they were told; only what others did since is looked at again."""
    if request.is_new:
        await people.must_be_nobody_yet(work, request.details)
        await people.register_person(work, request.details, id=request.person_id)
        return
    await _must_be_there(work, request.person_id)
    await people.update_person(work, request.person_id, request.details)


async def _ours(work: Work, id: UUID, version: int | None) -> PersonRequest:
    """A request of the caller's clinic, held; one that was made by another version of the API has its own doors."""
    request = await requests.find(work.db, id, lock=True)
    policy.must_be_ours(work.actor, request)
    if version is not None and request.version != version:
        raise NotFound()
    return request


async def _must_be_unique(work: Work, details: PersonDetails, person_id: UUID | None) -> None:
    """Somebody new is nobody whom the index knows; who is known may have papers that another has by mistake."""
    if person_id is None:
        await people.must_be_nobody_yet(work, details)
    else:
        await people.must_own_tax_id(work, details, person_id)


async def _must_be_there(work: Work, person_id: UUID | None) -> people.Person | None:
    """The person whose data is to change, None for somebody new. Raises Conflict (PS-18)."""
    if person_id is None:
        return None
    try:
        person = await people.find_person(work.db, person_id)
        people.must_be_active(person)
    except (NotFound, people.NotActive) as fault:
        raise Conflict("person is not found") from fault
    return person


async def _way_of_new(work: Work, order: Order) -> Way:
    """Who is not registered confirms by what they chose: their own telephone, papers, or who speaks for them."""
    method: AuthenticationDetails = order.details.authentication_methods[0]
    if method.type is AuthenticationType.THIRD_PERSON:
        way = await way_of(work, method.value, order.authorize_with)
        return replace(way, by=way.by or method.value)
    if order.authorize_with is not None:
        raise rejected("$.authorize_with", UNKNOWN_METHOD)
    if method.phone_number is None:
        return Way(AuthenticationType.OFFLINE)
    # PS-11
    if not await is_verified(work.db, method.phone_number):
        raise Unverified()
    return Way(AuthenticationType.OTP, method.phone_number)


def _request(work: Work, order: Order, way: Way, content: str) -> PersonRequest:
    now: datetime = work.now
    return PersonRequest(
        id=work.new_id(),
        version=order.version,
        status=Status.NEW,
        legal_entity_id=policy.clinic_of(work.actor),
        person_id=order.person_id or work.new_id(),
        is_new=order.person_id is None,
        identity=identity_of(order.details, order.person_id),
        details=order.details,
        method=way.type,
        phone=way.phone,
        confirmed_by=way.by,
        content=content,
        authorize_with=order.authorize_with,
        expires_at=now + TERM,
        inserted_at=now,
        inserted_by=work.actor.user_id,
        updated_at=now,
        updated_by=work.actor.user_id,
    )
