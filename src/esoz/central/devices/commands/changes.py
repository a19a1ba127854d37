"""What happens to a request after the signature: taken back, told again, completed."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central.care_plans import give_back
from esoz.central.dictionaries import dictionaries
from esoz.central.people import contact_method
from esoz.central.programmes import known_settings
from esoz.central.records import must_be_signed_by_author_or_administrator
from esoz.central.workforce import known_party_of_user
from esoz.kernel import documents
from esoz.kernel.decoding import convert
from esoz.kernel.errors import Conflict, rejected
from esoz.kernel.signed import Opened, must_be_signed_by, must_equal
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content.requests import OWN, expected, lasting
from ..model import Event, Request, Status
from ..model import requests as rules
from ..model.codes import code_of
from ..model.dispenses import HOLD
from ..model.requests import StatusReason, is_told_by_phone
from ..store import dispenses, requests
from .notices import send_code, send_end
from .requests import FIELD, INFORM_WITH

DIFFERS = "Signed content does not match the previously created content!"


async def revoke(work: Work, person_id: UUID, request_id: UUID, signed: Opened) -> Request:
    """Take a request of our clinic back, by a document signed by who works here (DVR-11)."""
    request = await _ours(work, person_id, request_id)
    party = await known_party_of_user(work, policy.user_of(work.actor))
    must_be_signed_by(signed.signer, party.tax_id, field=FIELD)
    return await _end(work, request, signed, Status.REVOKED, Event.REVOKED)


async def mark_in_error(work: Work, person_id: UUID, request_id: UUID, signed: Opened) -> Request:
    """Say that a request should never have been: by its doctor or a medical administrator (DVR-12)."""
    request = await _ours(work, person_id, request_id)
    await must_be_signed_by_author_or_administrator(work, signed.signer, request.requester_id, place="$.requester")
    return await _end(work, request, signed, Status.ENTERED_IN_ERROR, Event.MARKED_IN_ERROR)


async def _ours(work: Work, person_id: UUID, request_id: UUID) -> Request:
    request = await requests.find(work.db, person_id, request_id, lock=True)
    policy.must_be_ours(work.actor, request)
    return request


async def _end(work: Work, request: Request, signed: Opened, target: Status, event: Event) -> Request:
    taken, _ = await dispenses.taken(work.db, request.person_id, request.id, work.now - HOLD)
    rules.must_be_retractable(request.status, target, dispensed=taken > 0)
    why = _why(signed, request, target)
    await documents.keep(work.db, f"device_requests/{request.id}/{target}", signed.document)
    await give_back(work, request.person_id, request.id)
    ended = replace(
        request,
        status=move(rules.MOVES, request.status, target),
        status_reason=msgspec.to_builtins(why.status_reason),
        updated_at=work.performed_at,
        updated_by=policy.user_of(work.actor),
    )
    await requests.save(work.db, ended)
    work.record(event, request.id, patient_id=request.person_id, reason=why.status_reason.code)
    await _tell_end(work, ended)
    return ended


def _why(signed: Opened, request: Request, target: Status) -> StatusReason:
    """The reason in the signed document; everything else in it must be what its signer was shown."""
    why = convert({name: signed.content[name] for name in OWN if name in signed.content}, StatusReason)
    must_be_reason(why, target, _REASONS[target])
    must_equal(lasting(signed.content), expected(request), message=DIFFERS)
    return why


def must_be_reason(why: StatusReason, target: str, system: str) -> None:
    """The signed document says what it does, and why by a code of its dictionary."""
    if why.status != target:
        raise rejected("$.status", "value is not allowed in enum", rule="inclusion")
    codes = dictionaries.codes(system)
    if why.status_reason.system != system or (codes is not None and why.status_reason.code not in codes):
        entry = "$.status_reason.coding[0].code"
        raise rejected(entry, f"value is not allowed in dictionary {system}", rule="inclusion")


_REASONS = {
    Status.REVOKED: "device_request_revoke_reasons",
    Status.ENTERED_IN_ERROR: "device_request_mark_in_error_reasons",
}


async def _tell_end(work: Work, request: Request) -> None:
    if request.program_id is None:
        return
    contact = await contact_method(work, request.person_id, request.inform_with, field=INFORM_WITH)
    if is_told_by_phone(await known_settings(work, request.program_id), contact):
        await send_end(work, request, contact)


async def resend(work: Work, person_id: UUID, request_id: UUID) -> Request:
    """Send number and code to the patient once more (DVR-13)."""
    request = await _ours(work, person_id, request_id)
    code = code_of(request, secret=work.dependencies.secret)
    rules.must_be_resendable(request, work.today, has_code=code is not None)
    contact = await contact_method(work, person_id, request.inform_with, field=INFORM_WITH)
    if not is_told_by_phone(await known_settings(work, request.program_id), contact):
        raise Conflict("The patient has no phone for messages or the medical program sends none")
    assert code is not None
    await send_code(work, request, contact, code, again=True)
    work.record(Event.RESENT, request.id, patient_id=person_id)
    return request


async def complete(work: Work, person_id: UUID, request_id: UUID) -> Request:
    """End a request of which no more will be had: by its clinic, or a pharmacy that gave by it (DVR-14)."""
    request = await requests.find(work.db, person_id, request_id, lock=True)
    if not await dispenses.gave(work.db, request.person_id, request.id, policy.client_of(work.actor)):
        policy.must_be_ours(work.actor, request)
    _, held = await dispenses.taken(work.db, request.person_id, request.id, work.now - HOLD)
    rules.must_be_completable(request.status, held=held)
    return await completed(work, request)


async def completed(work: Work, request: Request) -> Request:
    """Nothing more may be had by this request."""
    done = replace(
        request,
        status=move(rules.MOVES, request.status, Status.COMPLETED),
        updated_at=work.performed_at,
        updated_by=policy.user_of(work.actor),
    )
    await requests.save(work.db, done)
    work.record(Event.COMPLETED, request.id, patient_id=request.person_id)
    return done
