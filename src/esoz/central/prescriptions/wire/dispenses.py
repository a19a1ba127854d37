"""Dispenses on the wire: `medication_dispense`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from esoz.kernel.payload import JSON

from ..content.dispenses import whole
from ..content.requests import shown_request
from ..model import Request
from ..model.dispenses import Dispense, DispenseDetail, Handover, Status
from ..model.requests import Status as RequestStatus

# The patient sees everything but who else looked after them; codes of packages are between pharmacy and state.
_NOT_FOR_PATIENTS = "medication_2d_codes"


class _Detail(msgspec.Struct, frozen=True, kw_only=True):
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
    dispense_details: tuple[_Detail, ...]
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


class StatusQuery(msgspec.Struct, frozen=True):
    """The only filter of a prescription's dispenses."""

    status: Status | None = None


def handover(body: _Body) -> Handover:
    """What the pharmacist asks for."""
    values = {name: getattr(body, name) for name in _Body.__struct_fields__ if name != "dispense_details"}
    details = tuple(DispenseDetail(**msgspec.structs.asdict(detail)) for detail in body.dispense_details)
    return Handover(**values, details=details)


def for_patients(dispense: Dispense, status: Status, request: Request, its: RequestStatus) -> JSON:
    """What the patient sees: the whole dispense without the codes of packages."""
    shown = {**whole(dispense, status), "medication_request": shown_request(request, its, full_programme=True)}
    details = shown["details"]
    assert isinstance(details, list)
    return {**shown, "details": [_without_codes(detail) for detail in details]}


def for_clinics(dispense: Dispense, status: Status, request: Request, its: RequestStatus) -> JSON:
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


def _without_codes(detail: Mapping[str, object]) -> JSON:
    return {name: value for name, value in detail.items() if name != _NOT_FOR_PATIENTS}
