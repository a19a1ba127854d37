"""A dispense as the pharmacist is shown it and signs it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec

from esoz.central.medications import Medication, medication_short
from esoz.central.programmes import Participant
from esoz.kernel.payload import JSON, number, omit_none

from ..model import Request
from ..model.dispenses import Dispense, DispenseDetail, Status
from ..model.requests import Status as RequestStatus
from ..model.returns import Return, ReturnedLine
from .requests import for_pharmacy


class Payment(msgspec.Struct, frozen=True):
    """What the signed document adds to the stored dispense; hryvnias."""

    payment_id: str | None = None
    payment_amount: Decimal | None = None


def shown_details(details: Iterable[tuple[DispenseDetail, Medication, Participant]]) -> list[JSON]:
    """`Medication_Dispense_Detail_Response` of each detail; the reimbursement is of one package."""
    return [
        omit_none(
            {
                "medication": medication_short(medication),
                "program_medication_id": participant.id,
                "medication_qty": number(detail.medication_qty),
                "sell_price": number(detail.sell_price),
                "sell_amount": number(detail.sell_amount),
                "discount_amount": number(detail.discount_amount),
                "reimbursement_amount": number(participant.reimbursement_amount),
                "medication_2d_codes": detail.medication_2d_codes,
            }
        )
        for detail, medication, participant in details
    ]


def for_pharmacies(dispense: Dispense, status: Status, request: Request, its: RequestStatus) -> JSON:
    """`Medication_Dispense_Response_for_Pharmacist`; while it is held, the prescription as it was at the hold.

    That is what the pharmacist signs (MD-9, MD-10): neither midnight nor another pharmacy's block changes it.
    """
    if status is Status.NEW:
        request, its = request.when_held()
    return {**whole(dispense, status), "medication_request": for_pharmacy(request, its, full_programme=True)}


def whole(dispense: Dispense, status: Status) -> JSON:
    """A dispense without its prescription, which each reader sees in another part."""
    return {
        "id": dispense.id,
        **dispense.content,
        **omit_none(
            {
                "dispensed_by": dispense.dispensed_by,
                "payment_id": dispense.payment_id,
                "payment_amount": number(dispense.payment_amount),
                "note": dispense.note,
            }
        ),
        "dispensed_at": dispense.dispensed_at,
        "status": status,
        **_returns(dispense),
        "inserted_at": dispense.inserted_at,
        "inserted_by": dispense.inserted_by,
        "updated_at": dispense.updated_at,
        "updated_by": dispense.updated_by,
    }


def returned_record(asked: Return, lines: Iterable[ReturnedLine], now: datetime) -> JSON:
    """A return as it is kept and shown."""
    shown = [
        {"program_medication_id": line.program_medication_id, "medication_qty": number(line.medication_qty)}
        for line in lines
    ]
    record = {
        "returned_at": now,
        "return_reason_code": asked.return_reason_code,
        "return_reason": asked.return_reason,
        "returned": shown,
    }
    return dict(msgspec.to_builtins(omit_none(record)))


def _returns(dispense: Dispense) -> JSON:
    """What was taken back, when something was: beyond the publication, which knows no returns."""
    if not dispense.returns:
        return {}
    shown = [{name: each[name] for name in each if name != "signed_document"} for each in dispense.returns]
    return {"returned_qty": number(dispense.returned_quantity), "returns": shown}
