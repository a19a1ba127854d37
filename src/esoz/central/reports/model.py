"""Reimbursement: which dispenses a report tells of, to whom, for which days, and what is summed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.organisations import Division
from esoz.kernel.errors import rejected

MOST_DAYS = 366


class Event(StrEnum):
    """What the audit log tells of this context."""

    READ = "reimbursement_report.read"
    SUMMED = "reimbursement_report.summed"
    DOWNLOADED = "reimbursement_report.downloaded"


class ReportFilter(msgspec.Struct, frozen=True):
    """Days of prescriptions and of handing over, by the published names; both ends belong to the period."""

    date_from_request: date | None = None
    date_to_request: date | None = None
    date_from_dispense: date | None = None
    date_to_dispense: date | None = None


class Days(msgspec.Struct, frozen=True):
    """Days of handing over, by the published names; the present month when nothing is said."""

    date_from_dispense: date | None = None
    date_to_dispense: date | None = None

    def span(self, today: date) -> tuple[date, date]:
        """RB-4: the first and the last day, no more than a year; raise Rejected."""
        last = self.date_to_dispense or max(today, self.date_from_dispense or today)
        first = self.date_from_dispense or last.replace(day=1)
        if last < first:
            raise rejected("$.date_to_dispense", "must be greater than or equal to date_from_dispense", params=[first])
        if last - first >= timedelta(days=MOST_DAYS):
            message = f"The period must be no longer than {MOST_DAYS} days"
            raise rejected("$.date_to_dispense", message, params=[MOST_DAYS])
        return first, last


class Key(StrEnum):
    """By what sums are told apart."""

    DAY = "day"
    MONTH = "month"
    PROGRAMME = "programme"
    CONTRACT = "contract"
    MEDICATION = "medication"
    DIVISION = "division"
    PHARMACY = "pharmacy"


class Summed(Days, frozen=True):
    """What is summed, and by what."""

    by: Key = Key.DAY


# What the НСЗУ pays by, in the order of its file.
DOWNLOADED = (Key.MONTH, Key.PHARMACY, Key.CONTRACT, Key.PROGRAMME)


class Side(StrEnum):
    """RB-3: a pharmacy is told what it handed over, a clinic what was handed over by its prescriptions."""

    PHARMACY = "pharmacy"
    CLINIC = "clinic"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose dispenses a caller is told of; everybody's without a legal entity."""

    side: Side = Side.PHARMACY
    legal_entity_id: UUID | None = None


def reach(client_type: str, own: UUID | None, dispensing: frozenset[str]) -> Reach:
    """RB-3. `own` is the legal entity that the caller is limited to, `dispensing` the types of pharmacies."""
    if own is None:
        return Reach()
    return Reach(Side.PHARMACY if client_type in dispensing else Side.CLINIC, own)


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """RB-1, RB-2: what was handed over and kept; hryvnias, exact."""

    dispenses: int = 0
    taken_back: int = 0  # of them in part; those taken back as a whole are no dispenses any more
    medication_qty: Decimal = Decimal(0)
    sell_amount: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)  # what the state pays

    @property
    def patient_amount(self) -> Decimal:
        return self.sell_amount - self.discount_amount


@dataclass(frozen=True, slots=True)
class Line:
    """Sums of one key, or of several together: (key, name) of each."""

    keys: Sequence[tuple[str, str]]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Reimbursed:
    """A reimbursed dispense, its prescription, and what is paid of each line."""

    dispense: Mapping[str, object]
    request: Mapping[str, object]
    lines: Sequence[Mapping[str, object]]
    division: Division
    employee_type: str | None
