"""Registering a legal entity with its owner, closing one with everybody who works in it, merging one into another."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from esoz.central import identity, workforce
from esoz.central.organisations import (
    LICENSE_TYPES,
    LegalEntity,
    LegalEntityDetails,
    active_record,
    close_legal_entity,
    create_legal_entity,
    edr_records,
    find_legal_entity,
    keep_document,
    reorganize_legal_entity,
    update_legal_entity,
    with_code,
)
from esoz.kernel import documents
from esoz.kernel.decoding import read_signed
from esoz.kernel.errors import Forbidden, NotFound, rejected
from esoz.kernel.signed import open_signed
from esoz.kernel.work import Work
from esoz.spec.employees import OWNERS

from .content import Merging, Registration
from .model import (
    known_as,
    must_be_as_stored,
    must_be_changeable,
    must_be_owner,
    must_be_signed_by_nhs,
    must_be_signed_for,
    owner_type,
)

FIELD = "$.signed_legal_entity_request"


@dataclass(frozen=True, slots=True)
class RegistrationResult:
    """A legal entity as registered; `secret` is told when its connection with the vendor is new."""

    entity: LegalEntity
    is_new: bool
    secret: str | None
    redirect_uri: str
    request: workforce.EmployeeRequest


async def register(work: Work, document: str, *, page: str) -> RegistrationResult:
    """Register or change a legal entity by a document that its owner signed (LE-3…LE-15).

    Raises Rejected naming the fields, Conflict with the published texts.
    """
    opened = await open_signed(work, document, field=FIELD)
    schema = work.dependencies.schemas.signed("PUT", "/api/v2/legal_entities")
    registration = read_signed(opened.content, Registration, schema)
    if registration.type not in LICENSE_TYPES or registration.type == "MSP":
        raise rejected("$.type", "value is not allowed in enum", rule="inclusion")  # LE-1: the old type is not new
    identity.must_be_redirect(work, registration.security.redirect_uri, "$.security.redirect_uri")
    owner = registration.owner
    must_be_owner(tax_id=owner.tax_id, no_tax_id=owner.no_tax_id, birth_date=owner.birth_date, days=work.days)
    must_be_signed_for(opened.signer, registration.edrpou)
    details = await _details(work, registration)
    found = known_as(await with_code(work.db, registration.edrpou), registration.type)
    if found is not None:
        must_be_changeable(found, details.edr)
    if found is None:
        entity = await create_legal_entity(work, details)
    else:
        entity = await update_legal_entity(work, found, details)
    await _keep(work, entity.id, opened.document)
    secret = await _connect(work, entity, registration.security.redirect_uri)
    request = await _invite_owner(work, entity, registration, page)
    return RegistrationResult(entity, found is None, secret, registration.security.redirect_uri, request)


async def deactivate(work: Work, id: UUID) -> LegalEntity:
    """Close a legal entity; everybody who works there is dismissed first (LE-19). Raise NotFound, Conflict."""
    entity = await close_legal_entity(work, id)
    await workforce.dismiss_everybody(work, id)
    return entity


async def merge(work: Work, document: str, *, field: str = "$.signed_content") -> LegalEntity:
    """Merge one legal entity into another by a document that the НСЗУ signed (LE-20, LE-21).

    Doctors of the first who do not work so in the second are dismissed, their declarations end by jobs; its client
    may do little more, its tokens end. Raises Rejected naming the fields, NotFound, Conflict, Forbidden.
    """
    opened = await open_signed(work, document, field=field)
    user = await identity.user_by_id(work.db, work.actor.user_id) if work.actor.user_id else None
    if user is None:
        raise Forbidden()
    must_be_signed_by_nhs(opened.signer, user.tax_id, field=field)
    merging = read_signed(opened.content, Merging, None)
    source = await find_legal_entity(work.db, merging.merged_from_legal_entity.id)
    target = await find_legal_entity(work.db, merging.merged_to_legal_entity.id)
    must_be_as_stored(source, merging.merged_from_legal_entity, "$.merged_from_legal_entity")
    must_be_as_stored(target, merging.merged_to_legal_entity, "$.merged_to_legal_entity")
    gone = await reorganize_legal_entity(work, source.id, target.id, merging.reason)
    await workforce.dismiss_unmatched(work, source.id, target.id)
    await _keep(work, source.id, opened.document)
    return gone


async def _details(work: Work, registration: Registration) -> LegalEntityDetails:
    record = active_record(await edr_records(work.db, registration.edrpou))
    return LegalEntityDetails(
        edrpou=registration.edrpou,
        type=registration.type,
        edr=record,
        residence_address=registration.residence_address,
        phones=registration.phones,
        email=registration.email,
        public_offer=registration.public_offer,
        license=registration.license.new_license(work.new_id()),
        license_id=registration.license.id,
        website=registration.website,
        receiver_funds_code=registration.receiver_funds_code,
        beneficiary=registration.beneficiary,
        accreditation=registration.accreditation,
        archive=registration.archive,
    )


async def _keep(work: Work, id: UUID, document: bytes) -> None:
    name = await documents.keep(work.db, f"legal_entities/{id}", document)
    await keep_document(work.db, id, name, id=work.new_id(), at=work.now, by=work.actor.user_id)


async def _connect(work: Work, entity: LegalEntity, redirect_uri: str) -> str | None:
    """The secret of the new connection with the vendor who sent this; None when there was one before (LE-14)."""
    if work.actor.mis_id is None:
        return None
    return await identity.connect_once(
        work, client_id=entity.id, broker_id=work.actor.mis_id, redirect_uri=redirect_uri
    )


async def _invite_owner(
    work: Work, entity: LegalEntity, registration: Registration, page: str
) -> workforce.EmployeeRequest:
    start_date = work.today
    if registration.owner.employee_id is not None:
        start_date = await _start_of_owner(work, entity, registration.owner.employee_id)
    body = registration.owner.as_request(entity.type, start_date)
    return await workforce.invite(work, workforce.Invitation(entity, body, page))


async def _start_of_owner(work: Work, entity: LegalEntity, employee_id: UUID) -> date:
    """Since when the owner whose data change is the owner; raise Rejected with the published texts."""
    place = "$.owner.employee_id"
    try:
        employee = await workforce.find_employee(work.db, employee_id)
    except NotFound as fault:
        raise rejected(place, "Employee not found") from fault
    if employee.legal_entity_id != entity.id:
        raise rejected(place, "Employee doesn't belong to your legal entity")
    if employee.employee_type not in OWNERS or employee.employee_type != owner_type(entity.type):
        raise rejected(place, "Invalid employee type")
    if not employee.works:
        raise rejected(place, "Invalid employee status")
    return employee.start_date
