"""What happens to a prescription after the signature: taken back, told again, blocked."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central.care_plans import give_back
from esoz.central.dictionaries import dictionaries
from esoz.central.organisations import known_legal_entity, legal_entity_short
from esoz.central.people import contact_method
from esoz.central.programmes import known_settings
from esoz.central.workforce import known_party_of_user
from esoz.kernel import documents
from esoz.kernel.decoding import convert
from esoz.kernel.errors import Conflict, rejected
from esoz.kernel.payload import JSON
from esoz.kernel.signed import Opened, must_be_signed_by, must_equal, open_signed
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content.requests import BLOCK, Rejection, for_pharmacy, shown_request
from ..model import Event, Request
from ..model import requests as rules
from ..model.dispenses import must_be_dispensing, taken_quantity
from ..model.notices import INFORM_WITH, is_told_by_phone
from ..model.requests import Block
from ..store import dispenses, drafts, requests
from .notices import send_code, send_rejection

FIELD = "$.signed_medication_reject"
DIFFERS = "Signed content does not match the previously created content!"
REASONS = "MEDICATION_REQUEST_REJECT_REASON"


async def reject(work: Work, request_id: UUID, document: str) -> Request:
    """Take back a prescription of our clinic, by a signed document (MR-17)."""
    request = await _locked(work, request_id)
    policy.must_be_ours(work.actor, request)
    return await _reject(work, request, document, shown_request(request, request.status_on(work.today)))


async def reject_by_pharmacy(work: Work, request_id: UUID, document: str) -> Request:
    """Take back a prescription that a pharmacist finds faulty, by a document signed over what they see."""
    request = await _locked(work, request_id)
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    must_be_dispensing(legal_entity.type, legal_entity.status)
    return await _reject(work, request, document, for_pharmacy(request, request.status_on(work.today)))


async def _locked(work: Work, request_id: UUID) -> Request:
    person_id = await drafts.person_of(work.db, request_id)
    return (await requests.find(work.db, person_id, request_id, lock=True)).at(work.now)


async def _reject(work: Work, request: Request, document: str, seen: JSON) -> Request:
    earlier = await dispenses.of_request(work.db, request.person_id, request.id)
    rules.must_be_rejectable(request.status_on(work.today), dispensed=taken_quantity(earlier, work.now) > 0)
    opened = await open_signed(work, document, field=FIELD)
    party = await known_party_of_user(work, policy.user_of(work.actor))
    must_be_signed_by(opened.signer, party.tax_id, field=FIELD)
    why = _why(opened, seen)
    await documents.keep(work.db, f"medication_rejects/{request.id}", opened.document)
    user_id = policy.user_of(work.actor)
    taken_back = replace(
        request,
        status=move(rules.MOVES, request.status, rules.Status.REJECTED),
        rejected_at=work.today,
        rejected_by=user_id,
        reject_reason=why.reject_reason,
        reject_reason_code=why.reject_reason_code,
        updated_at=work.now,
        updated_by=user_id,
    )
    await requests.save(work.db, taken_back)
    await give_back(work, request.person_id, request.id)
    await _tell_rejection(work, taken_back)
    work.record(Event.REQUEST_REJECTED, request.id, patient_id=request.person_id, reason=why.reject_reason_code)
    return taken_back


def _why(opened: Opened, seen: JSON) -> Rejection:
    """The reason in the signed document; everything else in it must be what the caller was shown."""
    content = dict(opened.content)
    given = {name: content.pop(name) for name in Rejection.__struct_fields__ if name in content}
    why = convert(given, Rejection)
    codes = dictionaries.codes(REASONS)
    if codes is not None and why.reject_reason_code not in codes:
        raise rejected("$.reject_reason_code", f"value is not allowed in dictionary {REASONS}", rule="inclusion")
    must_equal(_lasting(content), _lasting(msgspec.to_builtins(seen)), message=DIFFERS)
    return why


def _lasting(content: JSON) -> JSON:
    """What of a prescription stays while its rejection is being signed.

    Left out are the remaining quantity, which the details show and the prescription does not hold, and the block, which
    ends by itself or is set by others between what was shown and what is sent.
    """
    lasting = {name: value for name, value in content.items() if name not in BLOCK}
    info = content.get("medication_info")
    if isinstance(info, dict):
        lasting["medication_info"] = {name: info[name] for name in info if name != "medication_remaining_qty"}
    return lasting


async def _tell_rejection(work: Work, request: Request) -> None:
    contact = await contact_method(work, request.person_id, request.inform_with, field=INFORM_WITH)
    if is_told_by_phone(request.intent, await known_settings(work, request.medical_program_id), contact):
        await send_rejection(work, request, contact)


async def resend(work: Work, request_id: UUID) -> Request:
    """Send number and code to the patient once more (MR-18)."""
    request = await _locked(work, request_id)
    policy.must_be_ours(work.actor, request)
    rules.must_be_resendable(
        request.status_on(work.today), request.intent, has_code=request.verification_code is not None
    )
    contact = await contact_method(work, request.person_id, request.inform_with, field=INFORM_WITH)
    if not is_told_by_phone(request.intent, await known_settings(work, request.medical_program_id), contact):
        raise Conflict("The patient has no phone for messages or the medical program sends none")
    await send_code(work, request, contact, again=True)
    work.record(Event.REQUEST_RESENT, request.id, patient_id=request.person_id)
    return request


async def block(work: Work, request_id: UUID, body: Block, *, by_pharmacy: bool) -> Request:
    """Stop dispensing, for good or until a moment."""
    request = await _reachable(work, request_id, by_pharmacy=by_pharmacy)
    if request.is_blocked_at(work.now):
        raise Conflict("Medication request is already blocked")
    if body.blocked_to is not None and body.blocked_to <= work.now:
        raise rejected("$.blocked_to", "must be in the future")
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    blocked = replace(
        request,
        is_blocked=True,
        block_reason=body.block_reason,
        block_reason_code=body.block_reason_code,
        blocked_to=body.blocked_to,
        blocked_by_legal_entity=msgspec.to_builtins(legal_entity_short(legal_entity)),
        updated_at=work.now,
        updated_by=policy.user_of(work.actor),
    )
    await requests.save(work.db, blocked)
    work.record(Event.REQUEST_BLOCKED, request.id, patient_id=request.person_id, reason=body.block_reason_code)
    return blocked


async def unblock(work: Work, request_id: UUID, reason_code: str, *, by_pharmacy: bool) -> Request:
    """Allow dispensing again: by the legal entity that blocked."""
    request = await _reachable(work, request_id, by_pharmacy=by_pharmacy)
    if not request.is_blocked_at(work.now):
        raise Conflict("Medication request is not blocked")
    by = request.blocked_by_legal_entity or {}
    if by.get("id") != str(work.actor.client_id):
        raise Conflict("Medication request is blocked by another legal entity")
    open_again = replace(request.unblocked(), updated_at=work.now, updated_by=policy.user_of(work.actor))
    await requests.save(work.db, open_again)
    work.record(Event.REQUEST_UNBLOCKED, request.id, patient_id=request.person_id, reason=reason_code)
    return open_again


async def _reachable(work: Work, request_id: UUID, *, by_pharmacy: bool) -> Request:
    request = await _locked(work, request_id)
    legal_entity = await known_legal_entity(work, policy.client_of(work.actor))
    if by_pharmacy:
        must_be_dispensing(legal_entity.type, legal_entity.status)
    else:
        policy.must_be_ours(work.actor, request)
    if request.status_on(work.today) is not rules.Status.ACTIVE:
        raise Conflict("Medication request is not active")
    return request
