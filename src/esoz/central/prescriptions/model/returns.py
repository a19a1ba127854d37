"""A finished dispense taken back: what comes back of it, why, and what becomes of the prescription."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.medications import Medication, is_multiple
from esoz.kernel.amounts import rounded
from esoz.kernel.errors import Invalid, rejected

from .dispenses import Dispense


class Reason(StrEnum):
    """Why a dispense is taken back; a list of ours, for none is published."""

    RECORDED_IN_ERROR = "RECORDED_IN_ERROR"  # the patient got nothing, or something else
    WRONG_MEDICATION = "WRONG_MEDICATION"
    WRONG_QUANTITY = "WRONG_QUANTITY"
    DEFECT = "DEFECT"  # quality, a recalled series
    PATIENT_REFUSED = "PATIENT_REFUSED"
    OTHER = "OTHER"


class ReturnedLine(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one line comes back, in the units of the dispense; details of a dispense show only this id."""

    program_medication_id: UUID
    medication_qty: Decimal


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """What the signed document adds to the stored dispense; no lines: everything that is left of it."""

    return_reason_code: Reason
    return_reason: str | None = None
    returned: tuple[ReturnedLine, ...] | None = None


FIELD = "$.signed_medication_dispense_return"


def left_of(dispense: Dispense) -> Mapping[UUID, Decimal]:
    """How much of each line the patient still has of a dispense."""
    left: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    details = dispense.content.get("details")
    for line in details if isinstance(details, Sequence) else ():
        left[UUID(str(line["program_medication_id"]))] += _exact(line["medication_qty"])
    for earlier in dispense.returns:
        for line in earlier["returned"]:
            left[UUID(str(line["program_medication_id"]))] -= _exact(line["medication_qty"])
    return {id: quantity for id, quantity in left.items() if quantity > 0}


def _exact(value: object) -> Decimal:
    return Decimal(str(value))


def what_comes_back(asked: Return, left: Mapping[UUID, Decimal]) -> tuple[ReturnedLine, ...]:
    """MD-12: the lines that were asked for, or all that is left."""
    if asked.returned is not None:
        return tuple(
            msgspec.structs.replace(each, medication_qty=rounded(each.medication_qty)) for each in asked.returned
        )
    return tuple(ReturnedLine(program_medication_id=id, medication_qty=quantity) for id, quantity in left.items())


def return_faults(
    asked: Return, left: Mapping[UUID, Decimal], known: Mapping[UUID, Medication], *, several: bool
) -> Iterator[Invalid]:
    """MD-12: no more than was given, in parts that can be sold (MD-8), all of it where parts are not dispensed."""
    if asked.return_reason_code is Reason.OTHER and not (asked.return_reason or "").strip():
        yield Invalid("$.return_reason", "required", "required property return_reason was not present")
    lines = what_comes_back(asked, left)
    if not lines:
        yield Invalid("$.returned", "length", "expected a minimum of 1 items but got 0", [1])
    wanted: defaultdict[UUID, Decimal] = defaultdict(Decimal)
    for place, line in enumerate(lines):
        wanted[line.program_medication_id] += line.medication_qty
        yield from _line_faults(f"$.returned[{place}]", line, wanted, left)
        medication = known.get(line.program_medication_id)
        if medication is not None and not is_multiple(line.medication_qty, medication.package_min_qty):
            yield Invalid(
                f"$.returned[{place}].medication_qty",
                "invalid",
                "Requested medication brand quantity must be a multiplier of package minimal quantity",
                [float(medication.package_min_qty)],
            )
    if not several and lines and any(wanted[id] < quantity for id, quantity in left.items()):
        yield Invalid("$.returned", "invalid", "Medication dispense of the medical program is taken back as a whole")


def _line_faults(
    entry: str, line: ReturnedLine, wanted: Mapping[UUID, Decimal], left: Mapping[UUID, Decimal]
) -> Iterator[Invalid]:
    if line.program_medication_id not in left:
        yield Invalid(
            f"{entry}.program_medication_id", "invalid", "Medication is not a part of the medication dispense"
        )
    elif wanted[line.program_medication_id] > left[line.program_medication_id]:
        yield Invalid(
            f"{entry}.medication_qty",
            "invalid",
            "Returned medication quantity must be less or equal to dispensed quantity",
            [float(left[line.program_medication_id])],
        )


def must_be_same_prescription(content: Mapping[str, object], request_id: UUID) -> None:
    """What is taken back names the prescription it was given by; what became of that one since does not matter."""
    named = content.get("medication_request")
    if not isinstance(named, Mapping) or named.get("id") != str(request_id):
        raise rejected(FIELD, "Signed content does not match the previously created content!")
