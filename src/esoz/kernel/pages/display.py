"""How things are shown to people: dates, times, quantities, names, ages, telephone numbers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from gettext import NullTranslations

from babel.dates import get_month_names
from babel.numbers import format_decimal

from ..clock import KYIV
from .quantities import unit_of

# What registers and keyboards have between letters for the Ukrainian apostrophe: U+2019 in texts for people.
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['`´ʼ′](?=[^\W\d_])")
NO_BREAK = "\u00a0"
MONTHS_OF_BABY = 24  # younger than two years: the age is told in months


def in_print(words: str) -> str:
    """Words of a register as pages and documents show them: «внутрішньом’язово», never with a straight apostrophe."""
    return _APOSTROPHE.sub("’", words)


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(KYIV)


def _day(value: date | datetime | str) -> date:
    """A calendar day; a moment is taken to Kyiv first, for near midnight the day differs."""
    if isinstance(value, datetime):
        return _moment(value).date()
    if isinstance(value, str):
        return _moment(value).date() if "T" in value else date.fromisoformat(value)
    return value


def short_date(value: date | datetime | str | None) -> str:
    """22.11.2026"""
    if not value:
        return ""
    day = _day(value)
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def iso_date(value: date | datetime | str | None) -> str:
    """2026-11-22: for date fields of forms."""
    return _day(value).isoformat() if value else ""


def clock_time(value: datetime | str | None) -> str:
    """9:05, in Kyiv."""
    if not value:
        return ""
    moment = _moment(value)
    return f"{moment.hour}:{moment.minute:02}"


def quantity(value: Decimal | float | str | None, unit: str = "") -> str:
    """1 250,5 таблетки: a comma, and spaces that do not break."""
    if value is None or value == "":
        return ""
    number = format_decimal(Decimal(str(value)), locale="uk", format="#,##0.######")
    return f"{number}{NO_BREAK}{unit}" if unit else number


def money(value: Decimal | float | str | None) -> str:
    """612,00 ₴"""
    if value is None or value == "":
        return ""
    return f"{format_decimal(Decimal(str(value)), locale='uk', format='#,##0.00')}{NO_BREAK}₴"


def _parts(person: object, names: Sequence[str]) -> list[str]:
    # A row of the database is no Mapping, though it reads like one.
    get = getattr(person, "get", None)
    values = [get(name) for name in names] if get else [getattr(person, name, None) for name in names]
    return [str(value) if value else "" for value in values]


def full_name(person: object) -> str:
    """Шевченко Тарас Григорович: of anything with last_name, first_name, second_name."""
    return " ".join([part for part in _parts(person, ("last_name", "first_name", "second_name")) if part])


def short_name(person: object) -> str:
    """Шевченко Т. Г."""
    last_name, *others = _parts(person, ("last_name", "first_name", "second_name"))
    return NO_BREAK.join([last_name, *(f"{part[0]}." for part in others if part)]).strip()


def phone_mask(number: str | None) -> str:
    """+380 ** *** ** 12: enough to recognise one's own number, too little to learn it."""
    digits = "".join(character for character in number or "" if character.isascii() and character.isdigit())
    return f"+380{NO_BREAK}**{NO_BREAK}***{NO_BREAK}**{NO_BREAK}{digits[-2:]}" if len(digits) >= 9 else ""


def months_between(born: date, today: date) -> int:
    """Full months lived."""
    return (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)


def full_years(born: date, today: date) -> int:
    """Full years lived."""
    return months_between(born, today) // 12


@dataclass(frozen=True, slots=True)
class Display:
    """The filters that speak a language."""

    language: str
    messages: NullTranslations

    def long_date(self, value: date | datetime | str | None) -> str:
        """22 листопада 2026 року"""
        if not value:
            return ""
        day = _day(value)
        month = get_month_names("wide", "format", self.language)[day.month]
        return f"{day.day}{NO_BREAK}{month} {day.year}" + (f"{NO_BREAK}року" if self.language == "uk" else "")

    def moment(self, value: datetime | str | None) -> str:
        """22 листопада 2026 року, 9:05"""
        return f"{self.long_date(_moment(value))}, {clock_time(value)}" if value else ""

    def age(self, born: date | str | None, today: date) -> str:
        """35 років; of a baby 7 місяців."""
        if not born:
            return ""
        months = months_between(_day(born), today)
        if months < MONTHS_OF_BABY:
            return self.messages.ngettext("%(num)d місяць", "%(num)d місяців", months) % {"num": months}
        return self.messages.ngettext("%(num)d рік", "%(num)d років", months // 12) % {"num": months // 12}

    def quantity(self, value: Decimal | float | str | None, unit: str = "") -> str:
        """2 фл.; `unit` in Ukrainian, as `unit_of` gives it."""
        return quantity(value, self.messages.gettext(unit) if unit else "")

    def amount(self, value: Decimal | float | str | None, medicine: Mapping[str, object]) -> str:
        """So much of a medicine as central tells of it: `medication_info`, or the package of a dispense."""
        return self.quantity(value, unit_of(medicine))

    def filters(self) -> dict[str, Callable[..., str]]:
        """Names of the filters in templates."""
        return {
            "long_date": self.long_date,
            "moment": self.moment,
            "age": self.age,
            "short_date": short_date,
            "iso_date": iso_date,
            "clock_time": clock_time,
            "quantity": self.quantity,
            "amount": self.amount,
            "money": money,
            "full_name": full_name,
            "short_name": short_name,
            "phone_mask": phone_mask,
        }
