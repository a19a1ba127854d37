"""What every act of handing over has: packages and quantities, a day, a reason for taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.medications import ORDINARY_BLANK, Medication, is_multiple
from esoz.kernel.amounts import amount_faults
from esoz.kernel.clock import Days
from esoz.kernel.errors import Invalid, Rejected, rejected
from esoz.kernel.faults import Faults, fault

MOST_LINES = 30
MOST_ASKED = 100  # ids in one question
REASON = (5, 1000)  # characters
DETAILS = "$.dispense_details"
ANTIBACTERIALS = "J01"  # the group of the anatomical-therapeutic-chemical classification


class Status(StrEnum):
    COMPLETED = "COMPLETED"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


# WT-7: what was written down by mistake is marked so, and never deleted.
MOVES = {
    Status.COMPLETED: frozenset({Status.ENTERED_IN_ERROR}),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


class Detail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of package: how much of it, in the units of the dosage (tablets, millilitres)."""

    medication_id: UUID
    medication_qty: Decimal


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the register, and on which form what it holds is prescribed."""

    medication: Medication
    dosage_name: str
    blank_type: str


class PackageFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of packages; None means any. `name` is a part of the name of the product or of what is prescribed."""

    name: str | None = None
    id: UUID | None = None
    ids: str | None = None  # several, with commas
    innm_dosage_id: UUID | None = None
    innm_dosage_ids: str | None = None
    code_atc: str | None = None

    @property
    def any_of_ids(self) -> Sequence[UUID] | None:
        return _several("$.ids", self.ids)

    @property
    def any_of_dosages(self) -> Sequence[UUID] | None:
        return _several("$.innm_dosage_ids", self.innm_dosage_ids)


def _several(entry: str, text: str | None) -> Sequence[UUID] | None:
    """Ids with commas between. Raises Rejected when one is none, or when they are too many to be one question."""
    if text is None:
        return None
    parts = text.split(",", MOST_ASKED)
    try:
        if len(parts) <= MOST_ASKED:
            return [UUID(part.strip()) for part in parts]
    except ValueError:
        pass
    raise Rejected(invalid=(Invalid(entry, "invalid", f"Expected 1 to {MOST_ASKED} UUIDs", (), "query_parameter"),))


def detail_faults(details: Sequence[Detail]) -> Faults:
    """Whether the lines can be counted at all."""
    if not 1 <= len(details) <= MOST_LINES:
        yield Invalid(DETAILS, "length", f"expected 1 to {MOST_LINES} items", [1, MOST_LINES])
    seen: set[UUID] = set()
    for place, detail in enumerate(details):
        yield from amount_faults(f"{DETAILS}[{place}].medication_qty", detail.medication_qty, may_be_zero=False)
        if detail.medication_id in seen:
            yield fault(f"{DETAILS}[{place}].medication_id", "Medication is told twice", rule="unique")
        seen.add(detail.medication_id)


def package_faults(details: Sequence[Detail], known: Mapping[UUID, Package]) -> Faults:
    """WT-6: packages of the register that are in use, in multiples of what may be taken out of one (MD-8)."""
    for place, detail in enumerate(details):
        package, entry = known.get(detail.medication_id), f"{DETAILS}[{place}]"
        if package is None:
            yield fault(f"{entry}.medication_id", "Medication with such ID is not found")
        elif not package.medication.is_active:
            yield fault(f"{entry}.medication_id", "Medication is not active")
        elif not is_multiple(detail.medication_qty, package.medication.package_min_qty):
            least = float(package.medication.package_min_qty)
            message = "Medication quantity must be a multiple of the smallest part of the package"
            yield Invalid(f"{entry}.medication_qty", "invalid", message, [least])


def paper_form_faults(details: Iterable[Detail], known: Mapping[UUID, Package]) -> Faults:
    """WT-6: what is prescribed on a form of strict account, narcotics among it, is never handed over otherwise."""
    for place, detail in enumerate(details):
        package = known.get(detail.medication_id)
        if package is not None and package.blank_type != ORDINARY_BLANK:
            yield fault(f"{DETAILS}[{place}].medication_id", "Medication is dispensed by electronic prescription only")


def antibacterial_faults(details: Iterable[Detail], known: Mapping[UUID, Package]) -> Faults:
    """WT-6: the exception of war is made for antibacterial medicines."""
    for place, detail in enumerate(details):
        package = known.get(detail.medication_id)
        if package is not None and ANTIBACTERIALS not in package.medication.atc_groups:
            message = "Only antibacterial medicines are dispensed without a prescription"
            yield fault(f"{DETAILS}[{place}].medication_id", message)


def day_faults(day: date, days: Days, late_days: int, entry: str = "$.dispensed_at") -> Faults:
    """WT-5: not a day that is to come; a day of an outage that is over may be told for some time."""
    if day > days.latest:
        yield fault(entry, "Dispense date can't be in the future")
    elif day < days.earliest - timedelta(days=late_days):
        message = f"Dispense date can't be earlier than {late_days} days ago"
        yield Invalid(entry, "invalid", message, [late_days])


def text_faults(entry: str, text: str, bounds: tuple[int, int]) -> Faults:
    """A text that says something and is no book."""
    least, most = bounds
    if not least <= len(text.strip()) <= most:
        yield Invalid(entry, "length", f"expected {least} to {most} characters", [least, most])


def must_say_why(reason: str) -> str:
    """WT-7: taking back has its reason in words. Raises Rejected naming it."""
    for found in text_faults("$.error_reason", reason, REASON):
        raise rejected(found.entry, found.description, rule=found.rule, params=found.params)
    return reason.strip()
