"""The line of measurements: «АТ 130/80, пульс 78, t 38,2». What is not understood is told and never guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from esoz.kernel.spelling import sign_for_sign

from .vitals import BY_FIELD, PRESSURE, PRESSURE_NAMES, VITALS, Vital

Values = tuple[tuple[Vital, Decimal], ...]
LONGEST_LINE = 500
# A bare number with a fraction between these is a temperature: nothing else is written so without its name.
BARE_TEMPERATURE = (Decimal(34), Decimal(43))

_SEPARATORS = " \t\r\n,;.\u00a0"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says: values in the order of the table, words that say nothing, what was named more than once.

    `lone`: pressure with one number only.
    """

    values: Values = ()
    unread: tuple[str, ...] = ()
    twice: tuple[Vital, ...] = ()
    lone: bool = False

    @property
    def is_clear(self) -> bool:
        return not (self.unread or self.twice or self.lone)


def read(text: str) -> Line:
    """Measurements of a line, in any order, with or without commas and units."""
    folded = _folded(text)
    found: list[tuple[str, Decimal]] = []
    unread: list[str] = []
    lone, end = False, 0
    for item in _item().finditer(folded):
        unread.append(text[end : item.start()])
        end = item.end()
        if _names().get(item["name"] or "") == PRESSURE and not item["second"]:
            lone = True
            continue
        values = list(_values(item))
        found += values
        if not values:
            unread.append(text[item.start() : end])
    unread.append(text[end:])
    fields = [name for name, _value in found]
    twice = tuple(vital for vital in VITALS if fields.count(vital.field) > 1)
    once = {name: value for name, value in found if BY_FIELD[name] not in twice}
    return Line(
        tuple((vital, once[vital.field]) for vital in VITALS if vital.field in once),
        tuple(words for each in unread if (words := each.strip(_SEPARATORS))),
        twice,
        lone,
    )


def as_line(values: Iterable[tuple[Vital, Decimal]]) -> str:
    """Measurements as such a line, the shortest that says them."""
    told = {vital.field: f"{value:f}".replace(".", ",") for vital, value in values}
    pair = [told.pop(name) for name in ("systolic", "diastolic") if name in told]
    words = [f"АТ {'/'.join(pair)}"] if pair else []
    return ", ".join([*words, *(f"{BY_FIELD[name].names[0]} {value}" for name, value in told.items())])


def _folded(text: str) -> str:
    return sign_for_sign(text).replace("₂", "2").replace("−", "-")


def _values(item: re.Match[str]) -> Iterator[tuple[str, Decimal]]:
    """What one item says; nothing when it is not understood."""
    number, second, unit = _number(item["value"]), item["second"], item["unit"]
    name = _names().get(item["name"] or "") or _unnamed(number, second, unit)
    if name is None or (name == PRESSURE) != bool(second):
        return
    parts = [("systolic", number), ("diastolic", _number(second))] if second else [(name, number)]
    exact = [(field, _exact(BY_FIELD[field], value, unit)) for field, value in parts]
    told = [(field, value) for field, value in exact if value is not None]
    if len(told) == len(parts):
        yield from told


def _unnamed(number: Decimal, second: str | None, unit: str | None) -> str | None:
    """What a number without a name is, where it can be nothing else."""
    if second:
        return PRESSURE
    if unit:
        own = [vital.field for vital in VITALS if unit in map(_folded, vital.tells_itself)]
        return own[0] if own else None
    least, most = BARE_TEMPERATURE
    return "temperature" if number % 1 and least <= number < most else None


def _exact(vital: Vital, number: Decimal, unit: str | None) -> Decimal | None:
    """The number in our unit; None when the unit is of something else, or there are more digits than are measured."""
    factor = _units(vital).get(unit) if unit else Decimal(1)
    if factor is None:
        return None
    value = (number * factor).normalize()
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and -exponent <= vital.places else None


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


@cache
def _names() -> Mapping[str, str]:
    """Spelling → field."""
    named = {_folded(name): vital.field for vital in VITALS for name in vital.names}
    return named | {_folded(name): PRESSURE for name in PRESSURE_NAMES}


def _units(vital: Vital) -> Mapping[str, Decimal]:
    return {_folded(spelling): factor for spelling, factor in vital.units.items()}


@cache
def _item() -> re.Pattern[str]:
    """A name if there is one, a number or two with a stroke between, a unit if there is one."""
    names = "|".join(map(re.escape, sorted(_names(), key=len, reverse=True)))
    spellings = {unit for vital in VITALS for unit in _units(vital)}
    units = "|".join(map(re.escape, sorted(spellings, key=len, reverse=True)))
    number = r"[0-9]{1,6}(?:[.,][0-9]{1,4})?"
    return re.compile(
        rf"(?:(?<![^\W_])(?P<name>{names})(?![^\W\d_])[\s:=–—.-]{{0,9}})?(?<![0-9])(?P<value>{number})"
        rf"(?:\s{{0,3}}[/\\]\s{{0,3}}(?P<second>{number}))?(?![0-9]|[.,][0-9])"
        rf"(?:\s{{0,3}}(?P<unit>{units})(?![^\W_]))?"
    )
