"""Devices handed over by prescription: what fits, what is asked for, what is signed, how far it has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.fhir import concept, reference
from esoz.kernel.pages import mark as _
from esoz.kernel.payload import number

from ..requests import UNIT, last_day

HOLD = timedelta(minutes=10)  # DVD-6: central gives up what was not signed by then
KOPECK = Decimal("0.01")
NHS = "NHS"  # the state pays: prices and the discount are part of the dispense
PERCENTAGE = "PERCENTAGE"
REASONS = "device_dispense_mark_in_error_reasons"
CHANGING = frozenset({"updated_at", "updated_by"})  # of central's answer, no part of what is signed

# Word and colour of a state.
STATES: Mapping[str, tuple[str, str]] = {
    "in_progress": (_("Очікує на підпис"), "yellow"),
    "completed": (_("Відпущено"), "green"),
    "stopped": (_("Звільнено"), "grey"),
    "entered_in_error": (_("Записано помилково"), "red"),
}


class Event(StrEnum):
    REQUEST_READ = "device_dispensing.request_read"
    QUALIFIED = "device_dispensing.devices_read"
    HELD = "device_dispense.held"
    COMPLETED = "device_dispense.completed"
    RELEASED = "device_dispense.released"
    MISTAKEN = "device_dispense.mistaken"
    READ = "device_dispense.read"
    LISTED = "device_dispenses.listed"
    EXPORTED = "device_dispenses.exported"


class Act(StrEnum):
    """What was asked of central last."""

    HOLD = "hold"
    COMPLETE = "complete"
    STOP = "stop"
    MISTAKE = "mistake"


# The state of a dispense in which what was asked is done, whoever did it.
DONE: Mapping[Act, str] = {
    Act.HOLD: "in_progress",
    Act.COMPLETE: "completed",
    Act.STOP: "stopped",
    Act.MISTAKE: "entered_in_error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A device that may be given. `count` pieces are in one package; money in hryvnias, of one piece or a package."""

    device_id: UUID
    part_id: UUID | None
    name: str
    manufacturer: str
    count: Decimal
    unit: str
    is_share: bool = False  # the state pays a part of the price and not a sum
    reimbursement: Decimal = Decimal(0)  # for one piece, or per cent of the price
    price: Decimal | None = None  # of a package, as the programme has it

    def discount(self, quantity: Decimal, amount: Decimal) -> Decimal:
        """DVD-5: what the state pays for so much, sold at so much."""
        share = amount / 100 if self.is_share else quantity
        return (self.reimbursement * share).quantize(KOPECK, ROUND_HALF_UP)


def read_offer(found: Mapping[str, Any]) -> Offer:
    """From a participant of the published qualification."""
    paid = found["reimbursement"]
    is_share = paid["type"] == PERCENTAGE
    price = found.get("consumer_price")
    return read_definition(
        found["device_definition"],
        part_id=UUID(found["id"]),
        is_share=is_share,
        reimbursement=Decimal(str(paid.get("percentage_discount" if is_share else "reimbursement_amount") or 0)),
        price=None if price is None else Decimal(str(price)),
    )


def read_definition(found: Mapping[str, Any], *, part_id: UUID | None = None, **money: Any) -> Offer:
    """From a device of the published register."""
    packaging = found["packaging"]
    return Offer(
        device_id=UUID(found["id"]),
        part_id=part_id,
        name=found["device_names"][0]["name"],
        manufacturer=(found.get("manufacturer") or {}).get("name", ""),
        count=Decimal(str(packaging["packaging_count"])),
        unit=packaging["packaging_unit"],
        **money,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So much of one device; money only when the state pays."""

    offer: Offer
    quantity: Decimal
    amount: Decimal | None = None
    discount: Decimal | None = None

    def published(self) -> dict[str, Any]:
        """One of `details`."""
        line: dict[str, Any] = {
            "device": reference("device_definition", self.offer.device_id),
            "quantity": {"value": number(self.quantity), "system": UNIT, "code": self.offer.unit},
        }
        if self.offer.part_id is not None:
            line["program_device"] = reference("program_device", self.offer.part_id)
        if self.amount is not None:
            price = (self.amount / self.quantity).quantize(KOPECK, ROUND_HALF_UP)
            line |= {"sell_price": number(price), "discount_amount": number(self.discount or Decimal(0))}
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What the pharmacist asks for."""

    id: UUID
    patient_id: UUID
    request_id: UUID
    number: str
    programme_id: UUID | None
    employee_id: UUID
    division_id: UUID
    lines: Sequence[Line]

    @property
    def to_pay(self) -> Decimal | None:
        """What the patient pays; None where there are no prices."""
        priced = [line for line in self.lines if line.amount is not None]
        paid = ((line.amount or Decimal(0)) - (line.discount or Decimal(0)) for line in priced)
        return sum(paid, Decimal(0)) if priced else None

    def published(self, code: str) -> dict[str, Any]:
        """The body of the published request, with the patient's code beside it."""
        asked: dict[str, Any] = {
            "id": self.id,
            "status": "in_progress",
            "performer": reference("employee", self.employee_id),
            "location": reference("division", self.division_id),
            "based_on": reference("device_request", self.request_id),
            "primary_source": True,
            "details": [line.published() for line in self.lines],
        }
        if self.programme_id is not None:
            asked["program"] = reference("medical_program", self.programme_id)
        if code:
            asked["verification_code"] = code
        plain: dict[str, Any] = msgspec.to_builtins(asked)
        return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A dispense that is under way here; columns of the table of the same records."""

    id: UUID
    clinic_id: UUID
    user_id: UUID
    patient_id: UUID
    request_id: UUID
    request_number: str
    act: Act
    created_at: datetime
    job_id: str = ""
    form: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    signed: bytes | None = None


def completion(shown: Mapping[str, Any], form: Mapping[str, str], now: datetime) -> bytes:
    """The bytes that are signed: central's dispense, handed over now, and what the patient paid."""
    told: dict[str, Any] = {"status": "completed", "when_handed_over": now}
    if form.get("to_pay"):
        told["payment_amount"] = number(Decimal(form["to_pay"]))
    if form.get("payment_id"):
        told["payment_id"] = form["payment_id"]
    return msgspec.json.encode(_lasting(shown) | told)


def mistake(shown: Mapping[str, Any], reason: str) -> bytes:
    """The bytes that are signed when nothing was handed over after all."""
    told = {"status": "entered_in_error", "status_reason": concept(REASONS, reason)}
    return msgspec.json.encode(_lasting(shown) | told)


def _lasting(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in CHANGING}


def held_until(dispense: Mapping[str, Any]) -> datetime:
    """Until when central keeps it for us."""
    return datetime.fromisoformat(dispense["inserted_at"]) + HOLD


def is_held(dispense: Mapping[str, Any], now: datetime) -> bool:
    return dispense["status"] == "in_progress" and now < held_until(dispense)


def state_tag(dispense: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """Word and colour of a dispense's state; a hold whose time is over is told so."""
    over = dispense["status"] == "in_progress" and not is_held(dispense, now)
    return STATES["stopped"] if over else STATES.get(dispense["status"], (dispense["status"], "grey"))


def remaining(request: Mapping[str, Any]) -> Decimal:
    """How many pieces may still be given, as far as the request tells."""
    return Decimal(str((request.get("remaining_quantity") or request["quantity"])["value"]))


def is_open(request: Mapping[str, Any], today: date) -> bool:
    """Whether anything may be given now."""
    return request["status"] == "active" and last_day(request) >= today and remaining(request) > 0


def patient_of(request: Mapping[str, Any]) -> UUID:
    return UUID(request["subject"]["identifier"]["value"])


def programme_of(request: Mapping[str, Any]) -> UUID | None:
    program = request.get("program")
    return UUID(program["identifier"]["value"]) if program else None


def price_of(line: Mapping[str, Any]) -> Decimal:
    """What a line costs: pieces by the price of one."""
    return (Decimal(str(line.get("sell_price") or 0)) * Decimal(str(line["quantity"]["value"]))).quantize(KOPECK)
