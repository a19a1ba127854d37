"""What a head is told, and where each thing is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _

WEEK = timedelta(days=7)


class Event(StrEnum):
    READ = "pharmacy_desk.read"


@dataclass(frozen=True, slots=True)
class Told:
    """So many of something, and where it stands; None when central did not answer."""

    text: str
    number: int | None
    href: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """What reimbursed dispenses of this month amount to."""

    dispenses: int
    amount: Decimal
    discount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything on the page; None where central did not answer."""

    licences: Sequence[tuple[Mapping[str, Any], str, str]] | None
    divisions: int | None
    staff: Sequence[tuple[str, int]]
    open: Sequence[Told]
    week: Sequence[Told]
    month: Month | None
    since: date

    @property
    def to_look_at(self) -> Sequence[tuple[Mapping[str, Any], str, str]]:
        """Licences that are over, or soon will be."""
        return [each for each in self.licences or () if each[2] in ("red", "yellow")]


def first_of_week(today: date) -> date:
    """The first of the last seven days, today among them."""
    return today - WEEK + timedelta(days=1)


# Where documents of each way of handing over wait, and how they are called.
WAYS: Mapping[str, tuple[str, str]] = {
    "paper": (_("За паперовими рецептами"), "/paper"),
    "emergency": (_("Без рецепта"), "/emergency"),
    "wholesale": (_("Оптова видача"), "/wholesale"),
}
PRESCRIPTIONS = _("За електронними рецептами")
UNSENT = _("Підписано, але в ЕСОЗ ще немає")
TO_SIGN = _("Очікує на підпис")
LACKING = _("Препаратів відпущено понад те, що є на складі")
EXPIRED = _("Серій, строк яких минув")
EXPIRING = _("Серій, строк яких спливає за 90 днів")
RECEIPTS = _("Накладних не оприбутковано")
HELD = _("Рецептів зараз утримано")


def month_of(told: Mapping[str, Any]) -> Month:
    """Central's sums of the month."""
    total = told["total"]
    return Month(total["dispenses"], Decimal(str(total["sell_amount"])), Decimal(str(total["discount_amount"])))
