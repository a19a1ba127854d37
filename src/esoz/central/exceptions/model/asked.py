"""What was asked for line by line and is handed over in parts: how much of each line is left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

import msgspec

from esoz.central.medications import ORDINARY_BLANK, Dosage
from esoz.kernel.amounts import amount_faults
from esoz.kernel.errors import Invalid
from esoz.kernel.faults import Faults, fault

from .handing_over import DETAILS, Detail, Package, Status


class Medicine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line: a dosage of the register (substance, form, strength), and how much of it in its units."""

    medication_id: UUID
    medication_qty: Decimal


class Asked(Protocol):
    """Whatever has such lines: a blank, a request of an institution."""

    @property
    def medicines(self) -> Sequence[Medicine]: ...


class Act(Protocol):
    """What was handed over by it at once."""

    @property
    def status(self) -> Status: ...
    @property
    def given(self) -> Sequence[Medicine]: ...


@dataclass(frozen=True, slots=True)
class Words:
    """How a refusal calls what was asked."""

    not_asked: str
    too_much: str


def line_faults(medicines: Sequence[Medicine], most: int) -> Faults:
    """Whether the lines can be counted at all."""
    if not 1 <= len(medicines) <= most:
        yield Invalid("$.medicines", "length", f"expected 1 to {most} items", [1, most])
    seen: set[UUID] = set()
    for place, each in enumerate(medicines):
        yield from amount_faults(f"$.medicines[{place}].medication_qty", each.medication_qty, may_be_zero=False)
        if each.medication_id in seen:
            yield fault(f"$.medicines[{place}].medication_id", "Medication is told twice", rule="unique")
        seen.add(each.medication_id)


def medicine_faults(medicines: Iterable[Medicine], known: Mapping[UUID, Dosage]) -> Faults:
    """PP-2, WS-3: medicines of the register that need no form of strict account, as narcotics do."""
    for place, each in enumerate(medicines):
        dosage, entry = known.get(each.medication_id), f"$.medicines[{place}].medication_id"
        if dosage is None or not dosage.is_active:
            yield fault(entry, "Medication with such ID is not found")
        elif dosage.mr_blank_type != ORDINARY_BLANK:
            yield fault(entry, "Medication is dispensed by electronic prescription only")


def given_of(details: Iterable[Detail], known: Mapping[UUID, Package]) -> list[Medicine]:
    """How much of each dosage these packages are together."""
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    for detail in details:
        sums[known[detail.medication_id].medication.innm_dosage_id] += detail.medication_qty
    return [Medicine(id, quantity) for id, quantity in sums.items()]


def left_of(asked: Asked, acts: Iterable[Act]) -> dict[UUID, Decimal]:
    """PP-5, WS-5: what is left of each line: what was taken back counts no more."""
    left = {each.medication_id: each.medication_qty for each in asked.medicines}
    for act in acts:
        if act.status is Status.COMPLETED:
            for each in act.given:
                left[each.medication_id] -= each.medication_qty
    return left


def left_faults(
    details: Sequence[Detail], known: Mapping[UUID, Package], left: Mapping[UUID, Decimal], words: Words
) -> Faults:
    """PP-5, WS-5: only what was asked for, and no more of it than is left."""
    given = {each.medication_id: each.medication_qty for each in given_of(details, known)}
    for place, detail in enumerate(details):
        dosage_id = known[detail.medication_id].medication.innm_dosage_id
        if dosage_id not in left:
            yield fault(f"{DETAILS}[{place}].medication_id", words.not_asked)
        elif given[dosage_id] > left[dosage_id]:
            yield Invalid(f"{DETAILS}[{place}].medication_qty", "invalid", words.too_much, [float(left[dosage_id])])


def is_given(acts: Iterable[Act]) -> bool:
    """Whether something that was handed over rests on it."""
    return any(act.status is Status.COMPLETED for act in acts)
