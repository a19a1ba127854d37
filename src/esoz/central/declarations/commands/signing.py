"""The signature that makes a declaration of an approved request."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.central import uploads
from esoz.central.organisations import user_of
from esoz.central.people import contact_method, find_person
from esoz.central.workforce import Party, known_employees_of_user, known_party_of_user
from esoz.kernel import documents
from esoz.kernel.errors import Forbidden, rejected
from esoz.kernel.payload import without_nulls
from esoz.kernel.signed import Opened, must_be_signed_by, must_equal, open_signed
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content.requests import SIGNED_BY_PATIENT, as_signed, is_signed_by_patient
from ..model import Declaration, DeclarationRequest, Event, first_status
from ..model.requests import MAY_SIGN_FOR_DOCTORS, MOVES, UPLOADS, Status, must_be_signable
from ..store import declarations
from ..store import requests as store
from .choosing import chosen
from .declarations import conclude
from .notices import tell_of_new
from .requests import changed

FIELD = "$.signed_declaration_request"
DIFFERS = "Signed content does not match the previously created content"


async def sign(work: Work, id: UUID, document: str) -> Declaration:
    """Make the declaration that doctor or administrator signed (DC-19); of several at once one is made (DC-23)."""
    request = await store.find(work.db, id)
    policy.must_be_ours(work.actor, request)
    await declarations.lock_person(work.db, request.person_id)
    request = await store.find(work.db, id)
    must_be_signable(request, work.now)
    party = await _signer(work, request)
    opened = await open_signed(work, document, field=FIELD)
    _must_be_what_was_approved(opened.content, request)
    must_be_signed_by(opened.signer, party.tax_id, field=FIELD)
    await uploads.keep_taken(work, UPLOADS, request.id)
    return await make_declaration(work, request, opened)


async def make_declaration(work: Work, request: DeclarationRequest, opened: Opened) -> Declaration:
    """Keep the document and make the declaration; its person is locked. Raises what a choice raises, OverLimit."""
    person = await find_person(work.db, request.person_id)
    choice = await chosen(work, person, request.employee_id, request.division_id, clinic=request.legal_entity_id)
    name = await documents.keep(work.db, f"declarations/{request.declaration_id}", opened.document)
    status, reason = first_status(no_tax_id=person.no_tax_id, on_paper=request.method == "OFFLINE")
    assert request.data_to_be_signed is not None
    declaration = Declaration(
        id=request.declaration_id,
        declaration_number=request.declaration_number,
        person_id=request.person_id,
        employee_id=request.employee_id,
        division_id=request.division_id,
        legal_entity_id=request.legal_entity_id,
        declaration_request_id=request.id,
        start_date=request.start_date,
        end_date=request.end_date,
        signed_at=work.now,
        status=status,
        reason=reason,
        seed=request.data_to_be_signed["seed"],
        content=request.data_to_be_signed["content"],
        signed_document=name,
        inserted_at=work.now,
        updated_at=work.now,
    )
    contact = await contact_method(work, person.id, None, field="$.authorize_with")
    ended = await conclude(work, declaration, choice.employee)
    await store.save(work.db, changed(work, request, status=move(MOVES, request.status, Status.SIGNED)))
    work.record(Event.REQUEST_SIGNED, request.id, patient_id=request.person_id)
    await tell_of_new(work, declaration, choice, contact, ended)
    return declaration


async def _signer(work: Work, request: DeclarationRequest) -> Party:
    """Who may sign: the doctor who was chosen, or an administrator of the clinic. Raises Forbidden."""
    party = await known_party_of_user(work, user_of(work.actor))
    if party.id == request.party_id:
        return party
    offices = await known_employees_of_user(work, user_of(work.actor), request.legal_entity_id)
    if not any(each.employee_type in MAY_SIGN_FOR_DOCTORS for each in offices):
        raise Forbidden("Only the doctor of the declaration or an administrator may sign it")
    return party


def _must_be_what_was_approved(content: Mapping[str, Any], request: DeclarationRequest) -> None:
    """Raise Rejected unless the patient signed the form, and nothing else in it is changed (DC-19)."""
    if not is_signed_by_patient(content):
        raise rejected("$.person.patient_signed", SIGNED_BY_PATIENT)
    assert request.data_to_be_signed is not None
    must_equal(without_nulls(content), without_nulls(as_signed(dict(request.data_to_be_signed))), message=DIFFERS)
