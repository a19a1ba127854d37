"""Dispenses: what a pharmacy hands over by a prescription, and may it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.central.medications import Medication, is_multiple
from esoz.central.programmes import Participant, Programme, Settings
from esoz.kernel.clock import Days
from esoz.kernel.errors import AccessDenied, Conflict, Forbidden, Invalid, Rejected, TooMany, rejected

from .codes import is_right
from .drafts import Intent
from .requests import Request, is_open
from .requests import Status as RequestStatus

HOLD = timedelta(minutes=10)  # MD-9
DISPENSING_TYPES = frozenset({"PHARMACY", "MSP_PHARMACY"})
DISCOUNT_SLACK, LEAST_DISCOUNT = Decimal("0.01"), Decimal("0.9")  # MD-4
ROOT = "$.medication_dispense"
WITHOUT_CODE = frozenset({"", "0000"})  # MD-5: what a pharmacy sends for a prescription that has no code

SAME_DRUG = (
    "For the patient at the same term there can be only 1 dispensed medication request per one and the same innm!"
)
UNLICENSED = "Legal entity has no active license of the types that the medical program requires"


class Status(StrEnum):
    NEW = "NEW"
    PROCESSED = "PROCESSED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    RETURNED = "RETURNED"  # ours: a finished dispense of which everything was taken back (MD-12)


MOVES = {
    Status.NEW: frozenset({Status.PROCESSED, Status.REJECTED, Status.EXPIRED}),
    Status.PROCESSED: frozenset({Status.RETURNED}),
    Status.REJECTED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
    Status.RETURNED: frozenset[Status](),
}


class WrongCode(AccessDenied):
    """MD-5. The counter of wrong codes stays, everything else of the request is undone."""

    keeps = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DispenseDetail:
    """One kind of package in a dispense, `dispense_details` as published: how much, at what price (hryvnias)."""

    medication_id: UUID
    medication_qty: Decimal
    program_medication_id: UUID | None = None
    sell_price: Decimal | None = None
    sell_amount: Decimal | None = None
    discount_amount: Decimal | None = None
    medication_2d_codes: Sequence[Mapping[str, object]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What the pharmacist asks for."""

    medication_request_id: UUID
    dispensed_at: date
    division_id: UUID
    medical_program_id: UUID
    details: tuple[DispenseDetail, ...]
    dispensed_by: str | None = None
    payment_id: str | None = None
    payment_amount: Decimal | None = None
    note: str | None = None

    @property
    def quantity(self) -> Decimal:
        return sum((detail.medication_qty for detail in self.details), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispense:
    """A stored dispense. `content` is the answer as published, without what may still change."""

    id: UUID
    person_id: UUID
    medication_request_id: UUID
    status: Status
    quantity: Decimal
    legal_entity_id: UUID
    division_id: UUID
    party_id: UUID
    medical_program_id: UUID
    dispensed_at: date
    content: Mapping[str, object]
    region: str
    held_until: datetime
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    care_plan_id: UUID | None = None
    dispensed_by: str | None = None
    payment_id: str | None = None
    payment_amount: Decimal | None = None
    note: str | None = None
    signed_document: str | None = None
    processed_at: datetime | None = None
    returned_quantity: Decimal = Decimal(0)
    returns: Sequence[Mapping[str, Any]] = ()

    @property
    def kept(self) -> Decimal:
        """What the patient has of it."""
        return self.quantity - self.returned_quantity

    def status_at(self, now: datetime) -> Status:
        """NEW ends by itself after ten minutes, whether or not the periodic task has been here."""
        return Status.EXPIRED if self.status is Status.NEW and now >= self.held_until else self.status


def must_be_dispensing(legal_entity_type: str, status: str) -> None:
    """MD-1: a working pharmacy."""
    if status != "ACTIVE":
        raise Conflict("Legal entity is not active")
    if legal_entity_type not in DISPENSING_TYPES:
        raise Conflict("Invalid legal entity type")


def must_be_dispensable(request: Request, now: datetime, today: date) -> None:
    """MD-1: active, not blocked, inside its days of dispensing, an order."""
    if request.status_on(today) is not RequestStatus.ACTIVE:
        raise Conflict("Medication request is not active")
    if request.is_blocked_at(now):
        raise Conflict("Medication request is blocked")
    if request.intent is Intent.PLAN:
        raise Conflict("Medication request with intent PLAN cannot be dispensed")
    if not is_open(request, today):
        raise Conflict("Invalid dispense period")


def must_be_dispensed_today(dispensed_at: date, created_at: date, days: Days) -> None:
    """The day of handing over is not in the future and not before the prescription."""
    if not created_at <= dispensed_at <= days.latest:
        raise rejected(f"{ROOT}.dispensed_at", "Dispense date must be between creation date and current date")


def must_be_open_that_day(request: Request, dispensed_at: date) -> None:
    """MD-14: what is recorded later was handed over on one of the days of dispensing too."""
    if not is_open(request, dispensed_at):
        raise rejected(f"{ROOT}.dispensed_at", "Dispense date must be between the first day of dispensing and the last")


def must_not_be_late(handover: Handover, days: Days, longest: int) -> None:
    """MD-14: what was handed over on an earlier day, after an outage, is recorded soon, and says why in its note."""
    if handover.dispensed_at >= days.earliest:
        return
    if handover.dispensed_at < days.earliest - timedelta(days=longest):
        message = "Dispense date is too far in the past to be recorded"
        raise rejected(f"{ROOT}.dispensed_at", message, params=[longest])
    if not (handover.note or "").strip():
        message = "A dispense of an earlier day must say in its note why it is recorded late"
        raise rejected(f"{ROOT}.note", message, rule="required")


def must_be_fit(*, is_active: bool, is_ours: bool, dls_verified: bool, settings: Settings) -> None:
    """MD-1: the pharmacy's own working division, known to the drug-control register."""
    if not is_ours:
        raise Forbidden("Division doesn't belong to the legal entity")
    if not is_active:
        raise Conflict("Division is not active")
    if not dls_verified and not settings.skip_dispense_division_dls_verify:
        raise Conflict("Invalid division dls status")


def must_be_licensed(is_licensed: bool) -> None:
    """MD-13: `license_types_allowed` of the programme, for ф-3 a license for narcotic medicines."""
    if not is_licensed:
        raise Conflict(UNLICENSED)


def must_be_of_programme(request: Request, programme: Programme) -> None:
    """MD-3: the prescription's programme, unless it may be exchanged."""
    may_change = programme.settings.medical_program_change_on_dispense_allowed
    if programme.id != request.medical_program_id and not may_change:
        raise Conflict("Medical program in dispense doesn't match the one in medication request")


def must_be_priced(handover: Handover, programme: Programme) -> None:
    """Dispenses that the state pays for carry their prices."""
    if not programme.paid_by_nhs:
        return
    names = ("sell_amount", "sell_price", "discount_amount")
    missing = [
        Invalid(f"{ROOT}.dispense_details[{place}].{name}", "required", f"required property {name} was not present")
        for place, detail in enumerate(handover.details)
        for name in names
        if getattr(detail, name) is None
    ]
    if missing:
        raise Rejected(invalid=tuple(missing))


def must_be_paid(amount: Decimal | None, programme: Programme, entry: str) -> None:
    """What the patient paid is told to the state when the state pays the rest."""
    if programme.paid_by_nhs and amount is None:
        raise rejected(entry, "required property payment_amount was not present", rule="required")


def must_be_medication(
    place: int, detail: DispenseDetail, medication: Medication | None, participant: Participant | None, today: date
) -> tuple[Medication, Participant]:
    """MD-3, MD-4, MD-8 for one detail; `medication` is of the prescribed dosage."""
    entry = f"{ROOT}.dispense_details[{place}]"
    if medication is None or not medication.is_active:
        raise rejected(f"{entry}.medication_id", "medication is not active")
    if participant is None or not participant.takes_part(today):
        raise rejected(f"{entry}.medication_id", "medication is not a participant of program")
    if detail.program_medication_id not in (None, participant.id):
        raise rejected(f"{entry}.program_medication_id", "medication is not a participant of program")
    if not is_multiple(detail.medication_qty, medication.package_min_qty):
        raise rejected(
            f"{entry}.medication_qty",
            "Requested medication brand quantity must be a multiplier of package minimal quantity",
            params=[float(medication.package_min_qty)],
        )
    if not is_fair(detail, participant, medication):
        raise rejected(
            f"{entry}.discount_amount", "Requested discount price does not satisfy allowed reimbursement amount"
        )
    return medication, participant


def is_fair(detail: DispenseDetail, participant: Participant, medication: Medication) -> bool:
    """MD-4: the discount is at most the reimbursement of the packages and at least nine tenths of it."""
    allowed = participant.reimbursement_amount / medication.package_qty * detail.medication_qty
    discount = detail.discount_amount or Decimal(0)
    return allowed * LEAST_DISCOUNT <= discount <= allowed + DISCOUNT_SLACK


def must_be_open(locked_until: datetime | None, now: datetime) -> None:
    """Too many wrong codes: no code is looked at before the pause is over, the right one neither."""
    if locked_until is not None and now < locked_until:
        seconds = int((locked_until - now).total_seconds()) + 1
        raise TooMany("Too many incorrect codes, please retry later", headers={"Retry-After": str(seconds)})


def matches(candidate: str, code: str | None) -> bool:
    """MD-5: equal codes; a prescription without a code takes none or 0000."""
    return candidate in WITHOUT_CODE if code is None else is_right(candidate, code)


def must_be_told(candidate: str, code: str | None) -> None:
    """MD-5: where a code is asked for and none was given nobody has guessed, so it does not count as a try."""
    if code is not None and not candidate:
        raise AccessDenied("Incorrect code")


def must_have_left(quantity: Decimal, *, prescribed: Decimal, taken: Decimal, several: bool) -> None:
    """How much is left: `taken` is dispensed or held by others. MD-6 and MD-7 when only one may be."""
    if not several:
        if taken > 0:
            raise Forbidden("Active medication dispense already exists")
        if quantity != prescribed:
            raise rejected(
                f"{ROOT}.dispense_details",
                "dispensed medication quantity must be equal to medication quantity in Medication Request",
            )
    elif taken >= prescribed:
        raise Conflict("Medication request is dispensed or held by another dispense")
    elif quantity > prescribed - taken:
        raise rejected(
            f"{ROOT}.dispense_details",
            "dispensed medication quantity must be less or equal to remaining quantity in Medication Request",
            params=[float(prescribed - taken)],
        )


def taken_quantity(dispenses: Iterable[Dispense], now: datetime) -> Decimal:
    """What is dispensed already or held at this moment."""
    counted = (Status.NEW, Status.PROCESSED)
    return sum((each.kept for each in dispenses if each.status_at(now) in counted), Decimal(0))


def must_move(current: Status, target: Status) -> None:
    """Raise Conflict with the published text when the move is not allowed (MD-10, MD-11)."""
    if target not in MOVES[current]:
        raise Conflict(f"Can't update medication dispense status from {current} to {target}")
