"""Requests that a patient sends through a cabinet: no code, no papers, the own КЕП confirms and declares."""

from dataclasses import replace
from uuid import UUID

from esoz.central.people import confidants, find_person, has_number
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.payload import without_nulls
from esoz.kernel.signed import must_equal, open_signed
from esoz.kernel.states import move
from esoz.kernel.work import Signer, Work

from ..content.requests import SIGNED_BY_PATIENT, as_signed, is_signed_by_patient
from ..model import Channel, DeclarationRequest, Event
from ..model.requests import INVALID_TRANSITION, MOVES, Status, must_be_waiting_for_patient, must_come_from_cabinet
from ..store import declarations
from ..store import requests as store
from .choosing import chosen
from .requests import changed, close, document_of, must_have_place, prepare
from .signing import DIFFERS, make_declaration

FIELD = "$.signed_content"


async def create(work: Work, person_id: UUID, employee_id: UUID, division_id: UUID) -> DeclarationRequest:
    """Ask for a declaration with a doctor of any clinic (CB-5). Raises Rejected, Conflict, OverLimit."""
    person = await find_person(work.db, person_id)
    choice = await chosen(work, person, employee_id, division_id, clinic=None)
    await declarations.lock_person(work.db, person.id)
    request = await prepare(work, person, choice, Channel.PIS)
    # A full doctor is told before anything is signed; the place is taken by the signature.
    await must_have_place(work, request)
    request = replace(request, data_to_be_signed=await document_of(work, request, person, choice))
    await store.add(work.db, request)
    work.record(Event.REQUEST_CREATED, request.id, patient_id=person.id)
    return request


async def sign(work: Work, person_id: UUID, id: UUID, document: str) -> DeclarationRequest:
    """Make the declaration that the patient, or who speaks for them, signed (DC-18, CB-5); of several one is made."""
    request = await _own(work, person_id, id)
    must_be_waiting_for_patient(request, work.now)
    opened = await open_signed(work, document, field=FIELD)
    if not is_signed_by_patient(opened.content):
        raise rejected("$.person.patient_signed", SIGNED_BY_PATIENT)
    assert request.data_to_be_signed is not None
    must_equal(
        without_nulls(opened.content), without_nulls(as_signed(dict(request.data_to_be_signed))), message=DIFFERS
    )
    await _must_be_signed_for(work, person_id, opened.signer)
    await must_have_place(work, request)
    # DC-18: the signature is the approval as well.
    approved = replace(request, status=move(MOVES, request.status, Status.APPROVED))
    await make_declaration(work, approved, opened)
    return replace(approved, status=Status.SIGNED)


async def approve(work: Work, person_id: UUID, id: UUID) -> DeclarationRequest:
    """The patient approves what they asked for through a cabinet, without a code; the doctor signs it (CB-5, DC-18).

    Raises NotFound, Forbidden for a request of a clinic, Conflict (DC-1), OverLimit.
    """
    request = await _own(work, person_id, id)
    must_come_from_cabinet(request)
    status = move(MOVES, request.status_at(work.now), Status.APPROVED, message=INVALID_TRANSITION)
    await must_have_place(work, request)
    approved = changed(work, request, status=status)
    await store.save(work.db, approved)
    work.record(Event.REQUEST_APPROVED, request.id, patient_id=request.person_id)
    return approved


async def reject(work: Work, person_id: UUID, id: UUID) -> DeclarationRequest:
    """Give up an own request, whoever sent it. Raises NotFound, Conflict (DC-1)."""
    request = await _own(work, person_id, id)
    status = move(MOVES, request.status_at(work.now), Status.REJECTED, message=INVALID_TRANSITION)
    return await close(work, request, status, Event.REQUEST_REJECTED)


async def _own(work: Work, person_id: UUID, id: UUID) -> DeclarationRequest:
    """A request of this person, who is locked; another's is NotFound."""
    await declarations.lock_person(work.db, person_id)
    request = await store.find(work.db, id)
    if request.person_id != person_id:
        raise NotFound()
    return request


async def _must_be_signed_for(work: Work, person_id: UUID, signer: Signer) -> None:
    """Raise Rejected unless the signer is the patient, or speaks for them today (SG-4, PS-15)."""
    people = [await find_person(work.db, person_id)]
    people += [each.person for each in await confidants(work.db, person_id, work.today)]
    if not any(has_number(each, signer) for each in people):
        raise rejected(FIELD, "Does not match the signer drfo")
