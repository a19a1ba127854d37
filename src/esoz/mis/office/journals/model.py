"""A journal of a period: which one, its columns and rows, what they sum up to; the printed page of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources import files
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.kernel.printing import Text, typeset

TEMPLATE = files("esoz.mis.office.journals").joinpath("journal.typ").read_bytes()
MOST_ACTS = 3000  # a printed journal is whole or is not printed
MOST_DAYS = 366
BAD_DAY = _("Введіть справжню дату.")
REVERSED = _("Останній день має бути не раніше за перший.")
TOO_LONG = _("Оберіть не більше року.")
TOO_MANY = _("За цей період понад 3000 записів. Оберіть коротший.")
NOT_IN_LIST = _("Оберіть значення зі списку.")


class Event(StrEnum):
    READ = "pharmacy_journal.read"
    EXPORTED = "pharmacy_journal.exported"
    PRINTED = "pharmacy_journal.printed"


class Kind(StrEnum):
    """Which journal."""

    PRESCRIPTIONS = "prescriptions"
    PAPER = "paper"
    EMERGENCY = "emergency"
    WHOLESALE = "wholesale"
    RETURNS = "returns"


MISTAKE = "ENTERED_IN_ERROR"
STATES: Mapping[str, str] = {  # of an act, as central calls them
    "PROCESSED": _("Відпущено"),
    "COMPLETED": _("Відпущено"),
    "RETURNED": _("Повернено"),
    MISTAKE: _("Внесено помилково"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """How a journal is called and what its columns are; `widths` are their parts of a page."""

    title: str
    heads: Sequence[str]
    widths: Sequence[int]
    numbers: frozenset[int] = frozenset()  # columns that stand at the right


_TAKEN = (_("Препарат"), _("Кількість"))
JOURNALS: Mapping[Kind, Journal] = {
    Kind.PRESCRIPTIONS: Journal(
        title=_("Журнал відпуску за електронними рецептами"),
        heads=(
            *(_("Час"), _("Рецепт"), _("Програма"), *_TAKEN, _("На суму"), _("Відшкодовує держава")),
            *(_("Сплатив пацієнт"), _("Підрозділ"), _("Стан")),
        ),
        widths=(5, 7, 7, 9, 5, 5, 6, 5, 7, 5),
        numbers=frozenset({4, 5, 6, 7}),
    ),
    Kind.PAPER: Journal(
        title=_("Журнал відпуску за паперовими рецептами"),
        heads=(
            *(_("День"), _("Серія й номер"), _("Дата рецепта"), _("Заклад"), _("Код закладу"), _("Лікар"), *_TAKEN),
            *(_("Підрозділ"), _("Фармацевт"), _("Стан"), _("Причина скасування")),
        ),
        widths=(5, 5, 5, 8, 5, 7, 9, 5, 7, 7, 5, 7),
        numbers=frozenset({7}),
    ),
    Kind.EMERGENCY: Journal(
        title=_("Журнал відпуску без рецепта"),
        heads=(
            *(_("День"), *_TAKEN, _("Причина"), _("Підрозділ"), _("Фармацевт"), _("Стан"), _("Причина скасування")),
        ),
        widths=(5, 10, 5, 12, 8, 8, 6, 8),
        numbers=frozenset({2}),
    ),
    Kind.WHOLESALE: Journal(
        title=_("Журнал оптової видачі"),
        heads=(
            *(_("День"), _("Кому"), _("Код закладу"), _("Номер вимоги"), _("Дата вимоги"), _("Хто отримав"), *_TAKEN),
            *(_("Підрозділ"), _("Фармацевт"), _("Стан"), _("Причина скасування")),
        ),
        widths=(5, 8, 5, 5, 5, 7, 9, 5, 7, 7, 5, 7),
        numbers=frozenset({7}),
    ),
    Kind.RETURNS: Journal(
        title=_("Журнал повернень за електронними рецептами"),
        heads=(_("Час"), _("Рецепт"), *_TAKEN, _("Причина"), _("Підрозділ"), _("Хто підписав")),
        widths=(6, 7, 10, 5, 12, 8, 8),
        numbers=frozenset({3}),
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A journal, a period with both of its ends, a division; None means all of them."""

    kind: Kind
    first: date
    last: date
    division: UUID | None = None

    def query(self) -> dict[str, str]:
        """As addresses of this section have it."""
        division = {"division": str(self.division)} if self.division else {}
        return {"journal": self.kind, "from": self.first.isoformat(), "to": self.last.isoformat()} | division


def read(query: Mapping[str, str], today: date) -> tuple[Asked, dict[str, str]]:
    """The present month of electronic prescriptions when nothing is said; faults by field."""
    reading = Reading(query)
    kind = reading.code("journal", set(Kind).__contains__, wrong=NOT_IN_LIST) or Kind.PRESCRIPTIONS
    last = reading.day("to", wrong=BAD_DAY) or today
    first = reading.day("from", wrong=BAD_DAY) or last.replace(day=1)
    division = reading.id("division", wrong=NOT_IN_LIST)
    if last < first:
        reading.fault("to", REVERSED)
    elif (last - first).days >= MOST_DAYS:
        reading.fault("to", TOO_LONG)
    return Asked(Kind(kind), first, last, division), reading.faults


class Money(Decimal):
    """Hryvnias: shown with their kopecks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """So much of a package."""

    name: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A package of an act. `cells` are in the order of the heads, the quantity is that of `taken`; a mistake counts in
    no sum."""

    act: str
    cells: Sequence[object]
    taken: Taken
    is_mistake: bool = False
    amounts: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))  # in all, and of it what the state pays


@dataclass(slots=True)
class Sums:
    """What a journal amounts to: acts, mistakes apart, quantities by package, hryvnias."""

    acts: set[str] = field(default_factory=set)
    mistakes: set[str] = field(default_factory=set)
    taken: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    amount: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)

    @property
    def paid(self) -> Decimal:
        """What patients paid."""
        return self.amount - self.discount

    @property
    def by_package(self) -> Sequence[Taken]:
        """By the name, in the order of the alphabet."""
        return [Taken(name=name, quantity=sum, unit=unit) for (name, unit), sum in sorted(self.taken.items())]


def sums_of(rows: Sequence[Row]) -> Sums:
    """PH-20: sums of a journal, exactly; what was marked as a mistake is told apart and counts in none of them."""
    sums = Sums()
    for row in rows:
        if row.is_mistake:
            sums.mistakes.add(row.act)
            continue
        sums.acts.add(row.act)
        key = (row.taken.name, row.taken.unit)
        sums.taken[key] = sums.taken.get(key, Decimal(0)) + row.taken.quantity
        sums.amount += row.amounts[0]
        sums.discount += row.amounts[1]
    return sums


def as_pdf(content: Mapping[str, Text]) -> bytes:
    """The journal on paper. Costly: call it beside the loop."""
    return typeset(TEMPLATE, content)
