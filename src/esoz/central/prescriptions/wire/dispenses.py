"""Dispenses on the wire: `medication_dispense`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from esoz.kernel.amounts import MONEY, amount_faults, rounded
from esoz.kernel.errors import Invalid
from esoz.kernel.faults import Faults, must_hold
from esoz.kernel.payload import JSON

from ..content.dispenses import whole
from ..content.requests import shown_request
from ..model import Request
from ..model.dispenses import ROOT, Dispense, DispenseDetail, Handover, Status
from ..model.requests import Status as RequestStatus

# The patient sees everything but who else looked after them; codes of packages are between pharmacy and state.
_AMOUNTS = ("medication_qty", "sell_price", "sell_amount", "discount_amount")
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
    code: str | None = None


class NewDispense(msgspec.Struct, frozen=True):
    """Body of create. What the patient told the pharmacist is published as a parameter; real systems put it here."""

    medication_dispense: _Body
    code: str | None = None


class CodeQuery(msgspec.Struct, frozen=True):
    """What the patient told the pharmacist, where it is published."""

    code: str | None = None


def told_code(query: CodeQuery, body: NewDispense) -> str:
    """What the patient told the pharmacist, wherever it stands; empty when it stands nowhere."""
    return query.code or body.code or body.medication_dispense.code or ""


class SignedDispense(msgspec.Struct, frozen=True):
    """Body of process."""

    signed_medication_dispense: str
    signed_content_encoding: str = "base64"


class SignedReturn(msgspec.Struct, frozen=True):
    """Body of take_back."""

    signed_medication_dispense_return: str
    signed_content_encoding: str = "base64"


class StatusQuery(msgspec.Struct, frozen=True):
    """The only filter of a prescription's dispenses."""

    status: Status | None = None


def handover(body: _Body) -> Handover:
    """What the pharmacist asks for. Raises Rejected naming what has no details or an impossible number."""
    must_hold(_faults(body))
    values = {name: getattr(body, name) for name in _Body.__struct_fields__ if name not in ("dispense_details", "code")}
    if body.payment_amount is not None:
        values["payment_amount"] = rounded(body.payment_amount, MONEY)
    return Handover(**values, details=tuple(_detail(each) for each in body.dispense_details))


def _faults(body: _Body) -> Faults:
    if not body.dispense_details:
        yield Invalid(f"{ROOT}.dispense_details", "length", "expected a minimum of 1 items but got 0", [1])
    for place, detail in enumerate(body.dispense_details):
        for name in _AMOUNTS:
            entry = f"{ROOT}.dispense_details[{place}].{name}"
            yield from amount_faults(entry, getattr(detail, name), may_be_zero=name != "medication_qty")
    yield from amount_faults(f"{ROOT}.payment_amount", body.payment_amount)


def _detail(detail: _Detail) -> DispenseDetail:
    given = msgspec.structs.asdict(detail)
    return DispenseDetail(**given | {name: rounded(given[name]) for name in _AMOUNTS if given[name] is not None})


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


def counts(found: Mapping[Status, int]) -> dict[str, object]:
    """All that was handed over, and of it what was taken back wholly since."""
    return {"dispensed": sum(found.values()), "taken_back": found.get(Status.RETURNED, 0)}
