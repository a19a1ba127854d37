"""A finished dispense taken back by the pharmacy that gave it: the prescription may be dispensed by again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.people import contact_method
from esoz.central.programmes import known_participants, known_programme
from esoz.central.workforce import known_employees_of_user, known_party_of_user
from esoz.kernel import documents
from esoz.kernel.amounts import amount_faults
from esoz.kernel.decoding import convert
from esoz.kernel.errors import Forbidden
from esoz.kernel.faults import must_hold
from esoz.kernel.payload import JSON
from esoz.kernel.signed import must_be_signed_by, must_equal, open_signed
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content.dispenses import for_pharmacies, returned_record
from ..model import Event, Request
from ..model import dispenses as rules
from ..model import returns as law
from ..model.dispenses import Dispense, Status
from ..model.notices import INFORM_WITH, is_told_by_phone
from ..model.requests import MOVES as REQUEST_MOVES
from ..model.requests import Status as RequestStatus
from ..store import dispenses, requests
from .dispenses import DIFFERS, find_ours, must_have_surname
from .notices import send_return


async def take_back(work: Work, dispense_id: UUID, document: str) -> tuple[Dispense, Request]:
    """Take back what was handed over, wholly or by lines, by a signed document (MD-12)."""
    dispense, request, others = await find_ours(work, dispense_id)
    rules.must_move(dispense.status, Status.RETURNED)
    name, asked = await _signed(work, dispense, request, document)
    lines = await _lines(work, dispense, request, asked)
    quantity = sum((line.medication_qty for line in lines), Decimal(0))
    is_whole = quantity == dispense.kept
    kept = returned_record(asked, lines, work.now) | {"signed_document": name}
    returned = replace(
        dispense,
        status=move(rules.MOVES, dispense.status, Status.RETURNED) if is_whole else dispense.status,
        returned_quantity=dispense.returned_quantity + quantity,
        returns=[*dispense.returns, kept],
        # Of who was handed over to before this was kept the last change until now tells it, and the next one no more.
        processed_at=dispense.processed_at or dispense.updated_at,
        updated_at=work.now,
        updated_by=policy.user_of(work.actor),
    )
    await dispenses.save(work.db, returned)
    event = Event.DISPENSE_RETURNED if is_whole else Event.DISPENSE_PARTLY_RETURNED
    work.record(event, dispense.id, patient_id=dispense.person_id, reason=asked.return_reason_code)
    reopened = await _reopen(work, request, [*others, returned])
    await _tell(work, reopened, is_whole=is_whole)
    return returned, reopened


async def _signed(work: Work, dispense: Dispense, request: Request, document: str) -> tuple[str, law.Return]:
    """Who signed and what: a pharmacist who works here, over the dispense as it is now, with the reason besides."""
    user_id = policy.user_of(work.actor)
    if not await known_employees_of_user(work, user_id, dispense.legal_entity_id):
        raise Forbidden("Employee id doesn't match")
    party = await known_party_of_user(work, user_id)
    opened = await open_signed(work, document, field=law.FIELD)
    must_be_signed_by(opened.signer, party.tax_id, field=law.FIELD)
    must_have_surname(opened.signer, party, field=law.FIELD)
    content = dict(opened.content)
    given = {name: content.pop(name) for name in law.Return.__struct_fields__ if name in content}
    asked = convert(given, law.Return)
    law.must_be_same_prescription(content, request.id)
    shown = for_pharmacies(dispense, dispense.status, request, request.status_on(work.today))
    must_equal(_own(content), _own(msgspec.to_builtins(shown)), message=DIFFERS)
    return await documents.keep(work.db, f"medication_dispense_returns/{dispense.id}", opened.document), asked


def _own(content: Mapping[str, Any]) -> JSON:
    """A dispense without its prescription, which others may have touched since."""
    return {name: value for name, value in content.items() if name != "medication_request"}


async def _lines(work: Work, dispense: Dispense, request: Request, asked: law.Return) -> Sequence[law.ReturnedLine]:
    for place, line in enumerate(asked.returned or ()):
        entry = f"$.returned[{place}].medication_qty"
        must_hold(amount_faults(entry, line.medication_qty, may_be_zero=False))
    left = law.left_of(dispense)
    programme = await known_programme(work, dispense.medical_program_id)
    found = await known_participants(work, request.medication_id, programme.id)
    known = {participant.id: medication for participant, medication in found if medication is not None}
    several = programme.settings.multi_medication_dispense_allowed
    must_hold(law.return_faults(asked, left, known, several=several))
    return law.what_comes_back(asked, left)


async def _reopen(work: Work, request: Request, given: Sequence[Dispense]) -> Request:
    """A completed prescription that is not dispensed in full any more is active again, until its own last day."""
    dispensed = sum(each.kept for each in given if each.status is Status.PROCESSED)
    if request.status is not RequestStatus.COMPLETED or dispensed >= request.medication_qty:
        return request
    reopened = replace(
        request,
        status=move(REQUEST_MOVES, request.status, RequestStatus.ACTIVE),
        updated_at=work.now,
        updated_by=policy.user_of(work.actor),
    )
    await requests.save(work.db, reopened)
    work.record(Event.REQUEST_REOPENED, request.id, patient_id=request.person_id)
    return reopened


async def _tell(work: Work, request: Request, *, is_whole: bool) -> None:
    contact = await contact_method(work, request.person_id, request.inform_with, field=INFORM_WITH)
    programme = await known_programme(work, request.medical_program_id) if request.medical_program_id else None
    if programme is not None and is_told_by_phone(request.intent, programme.settings, contact):
        await send_return(work, request, contact, is_whole=is_whole)
