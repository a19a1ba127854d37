"""Dispenses on the wire: `medication_dispense`."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from esoz.central.medications import Medication, medication_short
from esoz.central.programmes import Participant
from esoz.kernel.payload import Object, number, omit_none

from ..model import Request
from ..model.dispenses import Dispense, Handover, Line, Status
from ..model.requests import Status as RequestStatus
from .requests import for_pharmacy, shown_request

# The patient sees everything but who else looked after them; codes of packages are between pharmacy and state.
_NOT_FOR_PATIENTS = "medication_2d_codes"


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    medication_id: UUID
    medication_qty: Decimal
    program_medication_id: UUID | None = None
    sell_price: Decimal | None = None
    sell_amount: Decimal | None = None
    discount_amount: Decimal | None = None
    medication_2d_codes: tuple[Mapping[str, object], ...] | None = None


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    medication_request_id: UUID
    dispensed_at: date
    division_id: UUID
    medical_program_id: UUID
    dispense_details: tuple[_Line, ...]
    dispensed_by: str | None = None
    payment_id: str | None = None
    payment_amount: Decimal | None = None
    note: str | None = None


class NewDispense(msgspec.Struct, frozen=True):
    """Body of create."""

    medication_dispense: _Body


class CodeQuery(msgspec.Struct, frozen=True):
    """What the patient told the pharmacist."""

    code: str = ""


class SignedDispense(msgspec.Struct, frozen=True):
    """Body of process."""

    signed_medication_dispense: str
    signed_content_encoding: str = "base64"


class Payment(msgspec.Struct, frozen=True):
    """What the signed document adds to the stored dispense; hryvnias."""

    payment_id: str | None = None
    payment_amount: Decimal | None = None


class DispensesQuery(msgspec.Struct, frozen=True):
    """Filters of the lists."""

    id: UUID | None = None
    medication_request_id: UUID | None = None
    legal_entity_id: UUID | None = None
    division_id: UUID | None = None
    status: Status | None = None
    dispensed_from: date | None = None
    dispensed_to: date | None = None
    care_plan_id: UUID | None = None


class StatusQuery(msgspec.Struct, frozen=True):
    """The only filter of a prescription's dispenses."""

    status: Status | None = None


def handover(body: _Body) -> Handover:
    """What the pharmacist asks for."""
    values = {name: getattr(body, name) for name in _Body.__struct_fields__ if name != "dispense_details"}
    lines = tuple(Line(**msgspec.structs.asdict(line)) for line in body.dispense_details)
    return Handover(**values, lines=lines)


def details(lines: Iterable[tuple[Line, Medication, Participant]]) -> list[Object]:
    """`Medication_Dispense_Detail_Response` of each line; the reimbursement is of one package."""
    return [
        omit_none(
            {
                "medication": medication_short(medication),
                "program_medication_id": participant.id,
                "medication_qty": number(line.medication_qty),
                "sell_price": number(line.sell_price),
                "sell_amount": number(line.sell_amount),
                "discount_amount": number(line.discount_amount),
                "reimbursement_amount": number(participant.reimbursement_amount),
                "medication_2d_codes": line.medication_2d_codes,
            }
        )
        for line, medication, participant in lines
    ]


def for_pharmacies(dispense: Dispense, status: Status, request: Request, its: RequestStatus) -> Object:
    """`Medication_Dispense_Response_for_Pharmacist`."""
    return {**_whole(dispense, status), "medication_request": for_pharmacy(request, its, full_programme=True)}


def for_patients(dispense: Dispense, status: Status, request: Request, its: RequestStatus) -> Object:
    """What the patient sees: the whole dispense without the codes of packages."""
    shown = {**_whole(dispense, status), "medication_request": shown_request(request, its, full_programme=True)}
    lines = shown["details"]
    assert isinstance(lines, list)
    return {**shown, "details": [_without_codes(line) for line in lines]}


def for_clinics(dispense: Dispense, status: Status, request: Request, its: RequestStatus) -> Object:
    """What doctors see: that it was dispensed, not where and for how much."""
    return {
        "id": dispense.id,
        "medication_request": shown_request(request, its, full_programme=True),
        "dispensed_at": dispense.dispensed_at,
        "medical_program": dispense.content["medical_program"],
        "status": status,
        "inserted_at": dispense.inserted_at,
        "updated_at": dispense.updated_at,
    }


def _whole(dispense: Dispense, status: Status) -> Object:
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
        "inserted_at": dispense.inserted_at,
        "inserted_by": dispense.inserted_by,
        "updated_at": dispense.updated_at,
        "updated_by": dispense.updated_by,
    }


def _without_codes(line: Mapping[str, object]) -> Object:
    return {name: value for name, value in line.items() if name != _NOT_FOR_PATIENTS}
