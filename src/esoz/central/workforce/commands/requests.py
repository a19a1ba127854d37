"""Invitations to work: signed by the clinic, told by mail, answered by the one who is invited."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec

from esoz.central import identity
from esoz.central.dictionaries import dictionaries
from esoz.central.organisations import LegalEntity, find_legal_entity, must_be_acting, user_of
from esoz.kernel import documents
from esoz.kernel.clock import kyiv_date
from esoz.kernel.decoding import read_signed
from esoz.kernel.errors import Conflict, Forbidden, NotFound, Rejected, rejected
from esoz.kernel.outbox import Message, post
from esoz.kernel.signed import must_be_signed_by, open_signed
from esoz.kernel.spelling import same_number
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import store
from ..content import ROOT, RequestContent, SignedRequest, check_content, content_faults
from ..model import (
    BLOCKS,
    OWNERS,
    REQUEST_MOVES,
    EmployeeDetails,
    EmployeeRequest,
    Event,
    RequestStatus,
    foreign_blocks,
    must_be_answerable,
    must_match,
    request_status_at,
)
from .hiring import change, check_details, hire

FIELD = "$.signed_content"
SUBJECT = "Запрошення до роботи в ЕСОЗ"
TEXT = (
    "{entity} запрошує Вас працювати в електронній системі охорони здоров’я.\n"
    "Посада за запрошенням: {type}.\n\n"
    "Щоб прийняти або відхилити запрошення, відкрийте посилання до {day:%d.%m.%Y}:\n{address}\n\n"
    "Коли приймете його, прийде другий лист, від МІС закладу: за ним задайте пароль у МІС, і тоді входьте до неї.\n\n"
    "Якщо Ви не домовлялися про цю роботу, відхиліть запрошення."
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who invites and to what; `page` is the address that the link of the mail begins with."""

    entity: LegalEntity
    body: RequestContent
    page: str
    object_name: str | None = None


async def create_request(work: Work, document: str, *, legal_entity_id: UUID, page: str) -> EmployeeRequest:
    """Invite somebody by a document signed by who invites (EM-8…EM-13).

    Raises Rejected naming the fields, Conflict, Forbidden.
    """
    entity = await find_legal_entity(work.db, legal_entity_id)
    must_be_acting(entity)
    opened = await open_signed(work, document, field=FIELD)
    party = await store.party_of_user(work.db, user_of(work.actor))
    must_be_signed_by(opened.signer, party.tax_id, field=FIELD)
    check_content(work.dependencies.schemas, opened.content)
    published = work.dependencies.schemas.signed("POST", "/api/v2/employee_requests")
    body = read_signed(opened.content, SignedRequest, published).employee_request
    if body.employee_type in OWNERS:
        raise Conflict(f"Forbidden to create {body.employee_type}")  # EM-10
    if body.status != RequestStatus.NEW:
        raise rejected(f"{ROOT}.status", "value is not allowed in enum", rule="inclusion")
    name = await documents.keep(work.db, f"employee_requests/{legal_entity_id}", opened.document)
    return await invite(work, Invitation(entity, body, page, name))


async def invite(work: Work, invitation: Invitation) -> EmployeeRequest:
    """Check and store an invitation, and mail its link; raise Rejected naming the fields, or Conflict."""
    entity, body = invitation.entity, invitation.body
    faults = (
        *foreign_blocks(body.blocks(), BLOCKS.get(body.employee_type), ROOT),
        *content_faults(body, entity.id),
    )
    if faults:
        raise Rejected(invalid=faults)
    details = body.details()
    await check_details(work, details, legal_entity_id=entity.id)
    if body.employee_id is not None:
        await _must_be_this_employee(work, body.employee_id, details, entity.id)
    request = _request(work, invitation)
    await store.add_request(work.db, request, work.actor.user_id)
    await _mail(work, request, entity, invitation.page)
    work.record(Event.REQUEST_CREATED, request.id)
    return request


async def approve_request(work: Work, id: UUID) -> EmployeeRequest:
    """The one who is invited agrees: employee, party and role are made or changed (EM-14, EM-15, EM-17…EM-19).

    Raises NotFound, Forbidden, Conflict, Rejected naming the fields that are not valid any more.
    """
    return await _approve(work, await store.find_request(work.db, id, lock=True), await _me(work))


async def reject_request(work: Work, id: UUID) -> EmployeeRequest:
    """The one who is invited does not agree (EM-14, EM-15); raise NotFound, Forbidden or Conflict."""
    request, user = await store.find_request(work.db, id, lock=True), await _me(work)
    must_be_answerable(request, user.email, work.now)
    return await _answer(work, request, RequestStatus.REJECTED, None, Event.REQUEST_REJECTED)


async def read_invitation(work: Work, token: str) -> EmployeeRequest:
    """The invitation that a link of a mail speaks of, with its status of now; raise NotFound for a made-up link."""
    text, _, proof = token.partition(".")
    try:
        id = UUID(text)
    except ValueError as fault:
        raise NotFound() from fault
    if not hmac.compare_digest(proof.encode(), _proof(work, id).encode()):
        raise NotFound()
    request = await store.find_request(work.db, id)
    work.record(Event.REQUEST_READ, id)
    return replace(request, status=request_status_at(request, work.now))


async def accept_invitation(work: Work, token: str, *, password: str) -> EmployeeRequest:
    """Somebody without an account takes a password and agrees, by the link of the mail that only they have.

    Raises NotFound, Conflict when there is an account (its holder signs in and approves), Forbidden, Rejected.
    """
    request = await read_invitation(work, token)
    if await identity.user_by_email(work.db, request.email) is not None:
        raise Conflict("Email is already used")
    if faults := identity.password_faults(password):
        raise rejected("$.password", faults[0])
    user = await identity.create_user(work, email=request.email, password=password, tax_id=request.tax_id)
    work.actor = replace(work.actor, user_id=user.id)
    return await _approve(work, await store.find_request(work.db, request.id, lock=True), user)


async def reject_invitation(work: Work, token: str) -> EmployeeRequest:
    """Somebody without an account does not agree, by the link of the mail that only they have (EM-14).

    Raises NotFound, Conflict when there is an account (its holder signs in and rejects), Forbidden.
    """
    invited = await read_invitation(work, token)
    if await identity.user_by_email(work.db, invited.email) is not None:
        raise Conflict("Email is already used")
    request = await store.find_request(work.db, invited.id, lock=True)
    must_be_answerable(request, request.email, work.now)
    return await _answer(work, request, RequestStatus.REJECTED, None, Event.REQUEST_REJECTED)


async def expire_requests(work: Work) -> None:
    """End invitations that nobody answered in time (EM-16)."""
    ended = await store.expire_requests(work.db, work.now)
    if ended:
        work.record(Event.REQUESTS_EXPIRED, "", count=len(ended))


async def _approve(work: Work, request: EmployeeRequest, user: identity.User) -> EmployeeRequest:
    must_be_answerable(request, user.email, work.now)
    if user.tax_id is not None and not same_number(user.tax_id, request.tax_id):
        raise Conflict("Email is already used by another person")  # EM-17
    details = msgspec.convert(request.content, RequestContent).details()
    if request.updates_employee_id is None:
        employee = await hire(work, details, legal_entity_id=request.legal_entity_id, user_id=user.id)
    else:
        await _must_be_this_employee(work, request.updates_employee_id, details, request.legal_entity_id)
        found = await store.find_employee(work.db, request.updates_employee_id, lock=True)
        employee = await change(work, found, details, user_id=user.id)
    return await _answer(work, request, RequestStatus.APPROVED, employee.id, Event.REQUEST_APPROVED)


async def _answer(
    work: Work, request: EmployeeRequest, status: RequestStatus, employee_id: UUID | None, event: Event
) -> EmployeeRequest:
    moved = move(REQUEST_MOVES, request.status, status)
    answered = replace(request, status=moved, employee_id=employee_id, updated_at=work.now)
    await store.save_answer(work.db, answered, work.actor.user_id)
    work.record(event, request.id)
    return answered


async def _me(work: Work) -> identity.User:
    user = await identity.user_by_id(work.db, user_of(work.actor))
    if user is None:
        raise Forbidden()
    return user


async def _must_be_this_employee(work: Work, id: UUID, details: EmployeeDetails, legal_entity_id: UUID) -> None:
    try:
        employee = await store.find_employee(work.db, id)
    except NotFound as fault:
        raise rejected(f"{ROOT}.employee_id", "Employee not found") from fault
    if employee.legal_entity_id != legal_entity_id:
        raise rejected(f"{ROOT}.employee_id", "Employee doesn't belong to your legal entity")
    must_match(
        employee,
        tax_id=details.party.tax_id,
        employee_type=details.employee_type,
        birth_date=details.party.birth_date,
        start_date=details.start_date,
    )


def _request(work: Work, invitation: Invitation) -> EmployeeRequest:
    body = invitation.body
    return EmployeeRequest(
        id=work.new_id(),
        legal_entity_id=invitation.entity.id,
        division_id=body.division_id,
        updates_employee_id=body.employee_id,
        employee_type=body.employee_type,
        status=RequestStatus.NEW,
        no_tax_id=body.party.no_tax_id,
        tax_id=body.party.tax_id,
        email=body.party.email.lower(),
        first_name=body.party.first_name,
        last_name=body.party.last_name,
        second_name=body.party.second_name,
        content=msgspec.to_builtins(body),
        object_name=invitation.object_name,
        mis_id=work.actor.mis_id,
        inserted_at=work.now,
        updated_at=work.now,
    )


async def _mail(work: Work, request: EmployeeRequest, entity: LegalEntity, page: str) -> None:
    # EM-13: the link is signed, so it cannot be made up.
    text = TEXT.format(
        entity=entity.name,
        type=dictionaries.describe("EMPLOYEE_TYPE", request.employee_type) or request.employee_type,
        day=kyiv_date(request.ends_at),
        address=f"{page}/{request.id}.{_proof(work, request.id)}",
    )
    await post(work, Message("mail", request.email, text, SUBJECT))


def _proof(work: Work, id: UUID) -> str:
    return hmac.new(b"invitation" + work.dependencies.secret, id.bytes, hashlib.sha256).hexdigest()
