"""A period and what its sums are told apart by; the printed page of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.kernel.printing import Text, typeset

TEMPLATE = files("esoz.mis.clinic.reimbursement").joinpath("report.typ").read_bytes()
MOST_DAYS = 366
BAD_DAY = _("Введіть справжню дату.")
REVERSED = _("Останній день має бути не раніше за перший.")
TOO_LONG = _("Оберіть не більше року.")
NOT_IN_LIST = _("Оберіть значення зі списку.")


class Event(StrEnum):
    READ = "reimbursement.read"
    EXPORTED = "reimbursement.exported"
    PRINTED = "reimbursement.printed"


# By what sums are told apart: for central, and for people.
KEYS: Mapping[str, str] = {
    "day": _("День"),
    "month": _("Місяць"),
    "programme": _("Програма"),
    "medication": _("Препарат"),
    "contract": _("Договір"),
    "division": _("Підрозділ"),
}
UNNAMED: Mapping[str, str] = {"contract": _("Без договору")}


@dataclass(frozen=True, slots=True)
class Asked:
    """A period with both of its ends, and by what it is told apart."""

    first: date
    last: date
    by: str

    def parameters(self) -> dict[str, str]:
        """As central asks for them."""
        return {
            "date_from_dispense": self.first.isoformat(),
            "date_to_dispense": self.last.isoformat(),
            "by": self.by,
        }

    def query(self) -> dict[str, str]:
        """As addresses of this section have them."""
        return {"from": self.first.isoformat(), "to": self.last.isoformat(), "by": self.by}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Sums of one day, programme, package; hryvnias, exact."""

    name: str
    dispenses: int
    taken_back: int
    amount: Decimal
    discount: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Report:
    """The rows of a period and the sum of all of them."""

    rows: Sequence[Row]
    total: Row


def read(query: Mapping[str, str], today: date) -> tuple[Asked, dict[str, str]]:
    """The present month by days when nothing is said; faults by field."""
    reading = Reading(query)
    last = reading.day("to", wrong=BAD_DAY) or today
    first = reading.day("from", wrong=BAD_DAY) or last.replace(day=1)
    by = reading.code("by", KEYS.__contains__, wrong=NOT_IN_LIST) or "day"
    if last < first:
        reading.fault("to", REVERSED)
    elif (last - first).days >= MOST_DAYS:
        reading.fault("to", TOO_LONG)
    return Asked(first, last, by), reading.faults


def row(told: Mapping[str, Any], name: str) -> Row:
    """A line of central's sums."""
    amount, discount, paid = (Decimal(str(told[each])) for each in ("sell_amount", "discount_amount", "patient_amount"))
    return Row(
        name=name,
        dispenses=told["dispenses"],
        taken_back=told["taken_back"],
        amount=amount,
        discount=discount,
        paid=paid,
    )


def as_pdf(content: Mapping[str, Text]) -> bytes:
    """The report on paper. Costly: call it beside the loop."""
    return typeset(TEMPLATE, content)
