"""What is handed over by a request of a device, and may it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.device_definitions import FIXED, Definition, ProgramDevice
from esoz.central.programmes import Programme, Settings
from esoz.kernel.amounts import MONEY, amount_faults, rounded
from esoz.kernel.clock import is_ahead
from esoz.kernel.errors import AccessDenied, Conflict, Forbidden, TooMany, rejected
from esoz.kernel.faults import ONLY_ONE, Faults, fault
from esoz.kernel.fhir import CodeableConcept, Moment, Reference
from esoz.kernel.payload import number

from .orders import UNIT, Participation, Quantity, is_whole
from .requests import ANOTHER_PROGRAMME, Request

HOLD = timedelta(minutes=10)  # DVD-6: what is not finished by then is free for others, as for medicines (MD-9)
DISCOUNT_SLACK, LEAST_DISCOUNT = Decimal("0.01"), Decimal("0.9")  # DVD-5, as for medicines (MD-4)
ANOTHER_DEVICE = "Device doesn't match the one in device request"
ANOTHER_UNIT = "Unit of quantity doesn't match the unit of the packaging of the device"
NOT_IN_PROGRAMME = "Device is not a participant of the medical program"


class Status(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    STOPPED = "stopped"
    ENTERED_IN_ERROR = "entered_in_error"


MOVES = {
    Status.IN_PROGRESS: frozenset({Status.COMPLETED, Status.STOPPED}),
    Status.COMPLETED: frozenset({Status.ENTERED_IN_ERROR}),
    Status.STOPPED: frozenset[Status](),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


class WrongCode(AccessDenied):
    """DVD-7. The counter of wrong codes stays, everything else of the request is undone."""

    keeps = True


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of device in a dispense: how many, at what price of one, at what discount of all (hryvnias)."""

    quantity: Quantity
    device: Reference | None = None
    device_code: CodeableConcept | None = None
    program_device: Reference | None = None
    sell_price: Decimal | None = None
    discount_amount: Decimal | None = None


class Handover(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the pharmacist asks for. The code is checked when it arrives and is not kept."""

    id: UUID
    status: str
    performer: Reference
    location: Reference
    based_on: Reference
    primary_source: bool
    details: tuple[Line, ...]
    note: str | None = None
    program: Reference | None = None
    when_handed_over: Moment | None = None
    verification_code: str | None = None

    @property
    def quantity(self) -> Decimal:
        return sum((line.quantity.value for line in self.details), Decimal(0))


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What the signed document adds to the held dispense."""

    status: str
    when_handed_over: Moment
    payment_id: str | None = None
    payment_amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispense:
    """A stored dispense: its document as published, and what rules ask of it."""

    id: UUID
    person_id: UUID
    status: Status
    request_id: UUID
    legal_entity_id: UUID
    document: Mapping[str, Any]
    inserted_at: datetime
    updated_at: datetime

    def status_at(self, now: datetime) -> Status:
        """A hold ends by itself after ten minutes, whether or not the periodic task has been here."""
        over = self.status is Status.IN_PROGRESS and now >= self.inserted_at + HOLD
        return Status.STOPPED if over else self.status


def handover_faults(handover: Handover, now: datetime) -> Faults:
    """DVD-2: what can be told of a dispense by itself."""
    if handover.status != Status.IN_PROGRESS:
        yield fault("$.status", "value is not allowed in enum", rule="inclusion")
    if not handover.primary_source:
        yield fault("$.primary_source", "value is not allowed in enum", rule="inclusion")
    if not handover.details:
        yield fault("$.details", "expected a minimum of 1 items but got 0", rule="length")
    if handover.when_handed_over is not None and is_ahead(handover.when_handed_over, now):
        yield fault("$.when_handed_over", "must be in past")
    seen: set[UUID] = set()
    for place, line in enumerate(handover.details):
        yield from _line_faults(f"$.details[{place}]", line)
        if line.device is not None and line.device.id in seen:
            yield fault(f"$.details[{place}].device", "Device is told twice")
        seen |= {line.device.id} if line.device is not None else set()


def _line_faults(entry: str, line: Line) -> Faults:
    if line.device is not None and line.device_code is not None:
        yield fault(f"{entry}.device_code", ONLY_ONE, rule="oneOf")
    if line.device is None:
        yield fault(f"{entry}.device", "required property device was not present", rule="required")
    yield from amount_faults(f"{entry}.quantity.value", line.quantity.value, may_be_zero=False)
    yield from amount_faults(f"{entry}.sell_price", line.sell_price)
    yield from amount_faults(f"{entry}.discount_amount", line.discount_amount)
    if line.quantity.system != UNIT:
        yield fault(f"{entry}.quantity.system", "value is not allowed in enum", rule="inclusion")


def must_be_fit(*, is_active: bool, is_ours: bool, dls_verified: bool, settings: Settings) -> None:
    """DVD-1: the pharmacy's own working division, known to the drug-control register where the programme asks."""
    if not is_ours:
        raise Forbidden("Division doesn't belong to the legal entity")
    if not is_active:
        raise Conflict("Division is not active")
    if not dls_verified and not settings.skip_dispense_division_dls_verify:
        raise Conflict("Invalid division dls status")


def must_be_performer(*, is_caller: bool) -> None:
    """DVD-1: who hands over is the caller, who works here."""
    if not is_caller:
        raise rejected("$.performer.identifier.value", "Employee is not an active employee of the legal entity")


def must_be_meant_for(request: Request, pharmacy_id: UUID) -> None:
    """DVD-2: a request may name the one who is to hand over."""
    if request.performer_id is not None and request.performer_id != pharmacy_id:
        raise Forbidden("Device request is meant for another legal entity")


def must_be_of_programme(request: Request, programme: Programme | None) -> None:
    """DVD-2: the programme of the request, unless it may be exchanged; none where the request has none."""
    if programme is None:
        if request.program_id is not None:
            raise rejected("$.program", "required property program was not present", rule="required")
        return
    may_change = request.program_id is not None and programme.settings.medical_program_change_on_dispense_allowed
    if programme.id != request.program_id and not may_change:
        raise Conflict(ANOTHER_PROGRAMME)
    if not programme.is_active:
        raise Conflict("Medical program is not active")
    if not programme.medication_dispense_allowed:
        raise Conflict("Forbidden to create device dispense for this medical program")


def must_be_licensed(is_licensed: bool) -> None:
    """DVD-1: `license_types_allowed` of the programme."""
    if not is_licensed:
        raise Conflict("Legal entity has no active license of the types that the medical program requires")


def must_be_asked_for(place: int, line: Line, known: Mapping[UUID, Definition]) -> Definition:
    """DVD-3, DVD-4: the device is what the request asks for, in its own unit and in whole packages."""
    entry = f"$.details[{place}]"
    definition = known.get(line.device.id) if line.device is not None else None
    if definition is None:
        raise rejected(f"{entry}.device.identifier.value", ANOTHER_DEVICE)
    if line.quantity.code != definition.packaging.packaging_unit:
        raise rejected(f"{entry}.quantity.code", ANOTHER_UNIT)
    if not is_whole(line.quantity.value, definition):
        count = definition.packaging.packaging_count
        message = "Quantity must be divisible to the packaging count of the device"
        raise rejected(f"{entry}.quantity.value", message, params=[count])
    return definition


def must_take_part(place: int, line: Line, found: Sequence[Participation], programme: Programme) -> ProgramDevice:
    """DVD-3, DVD-5: the device is paid by the programme, at a price and a discount that it allows."""
    entry = f"$.details[{place}]"
    assert line.device is not None  # its rule comes first
    part = next((part for definition, part in found if definition.id == line.device.id), None)
    if part is None:
        raise rejected(f"{entry}.device.identifier.value", NOT_IN_PROGRAMME)
    if line.program_device is not None and line.program_device.id != part.id:
        raise rejected(f"{entry}.program_device.identifier.value", NOT_IN_PROGRAMME)
    if programme.paid_by_nhs:
        for name in ("sell_price", "discount_amount"):
            if getattr(line, name) is None:
                raise rejected(f"{entry}.{name}", f"required property {name} was not present", rule="required")
    if not is_fair(line, part):
        message = "Requested discount price does not satisfy allowed reimbursement amount"
        raise rejected(f"{entry}.discount_amount", message)
    return part


def allowed_discount(line: Line, part: ProgramDevice) -> Decimal:
    """DVD-5: what the state pays for a line: a sum for one device, or a part of its price."""
    if part.reimbursement_type == FIXED:
        return (part.reimbursement_amount or Decimal(0)) * line.quantity.value
    return (line.sell_price or Decimal(0)) * line.quantity.value * (part.percentage_discount or Decimal(0)) / 100


def is_fair(line: Line, part: ProgramDevice) -> bool:
    """DVD-5: the discount is at most the reimbursement and at least nine tenths of it."""
    allowed, discount = allowed_discount(line, part), line.discount_amount or Decimal(0)
    return allowed * LEAST_DISCOUNT <= discount <= allowed + DISCOUNT_SLACK


def must_have_left(quantity: Decimal, *, prescribed: Decimal, taken: Decimal, several: bool) -> None:
    """DVD-4: `taken` is dispensed or held by others; all at once where only one dispense may be."""
    if not several:
        if taken > 0:
            raise Forbidden("Active device dispense already exists")
        if quantity != prescribed:
            raise rejected("$.details", "Dispensed quantity must be equal to quantity in device request")
    elif taken >= prescribed:
        raise Conflict("Device request is dispensed or held by another dispense")
    elif quantity > prescribed - taken:
        message = "Dispensed quantity must be less or equal to remaining quantity in device request"
        raise rejected("$.details", message, params=[float(prescribed - taken)])


def must_be_unlocked(locked_until: datetime | None, now: datetime) -> None:
    """DVD-7: too many wrong codes: no code is looked at before the pause is over, the right one neither."""
    if locked_until is not None and now < locked_until:
        seconds = int((locked_until - now).total_seconds()) + 1
        raise TooMany("Too many incorrect codes, please retry later", headers={"Retry-After": str(seconds)})


def must_be_told(candidate: str, code: str | None) -> None:
    """DVD-7: where a code is asked for and none was given nobody has guessed, so it does not count as a try."""
    if code is not None and not candidate:
        raise AccessDenied("Incorrect code")


def must_be_handed_over(payment: Payment, request: Request, now: datetime) -> None:
    """DVD-8: handed over not before it was prescribed, and not in the future."""
    if payment.status != Status.COMPLETED:
        raise rejected("$.status", "value is not allowed in enum", rule="inclusion")
    if is_ahead(payment.when_handed_over, now) or payment.when_handed_over < request.authored_on:
        raise rejected("$.when_handed_over", "must be between authored_on of device request and current time")


def payment_faults(payment: Payment) -> Faults:
    """DVD-8: what was paid is an amount."""
    yield from amount_faults("$.payment_amount", payment.payment_amount)


def paid(payment: Payment) -> dict[str, Any]:
    """What the signed document adds, as the dispense keeps it."""
    told: dict[str, Any] = {"when_handed_over": msgspec.to_builtins(payment.when_handed_over)}
    if payment.payment_id is not None:
        told["payment_id"] = payment.payment_id
    if payment.payment_amount is not None:
        told["payment_amount"] = number(rounded(payment.payment_amount, MONEY))
    return told


def quantity_of(document: Mapping[str, Any]) -> Decimal:
    """How many devices a stored dispense hands over."""
    return sum((Decimal(str(line["quantity"]["value"])) for line in document["details"]), Decimal(0))


def must_be_paid(amount: Decimal | None, programme: Programme | None) -> None:
    """DVD-8: what the patient paid is told to the state when the state pays the rest."""
    if amount is None and programme is not None and programme.paid_by_nhs:
        raise rejected("$.payment_amount", "required property payment_amount was not present", rule="required")


def must_move(current: Status, target: Status) -> None:
    """DVD-8, DVD-9, DVD-10: raise Conflict when the move is not allowed."""
    if target not in MOVES[current]:
        raise Conflict(f"Can't update device dispense status from {current} to {target}")
