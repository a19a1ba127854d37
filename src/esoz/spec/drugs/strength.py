"""Strengths: how much of each substance one unit of the form holds, read from the register's description."""

import re
from decimal import Decimal

import msgspec

from .forms import Form
from .text import NUMBER, Reason, Unclear, number, plain, shown

# Codes of MEDICATION_UNIT.
_UNITS = {
    "мкг": ("MG", Decimal("0.001")),
    "мг": ("MG", Decimal(1)),
    "г": ("MG", Decimal(1000)),
    "млн мо": ("IE", Decimal(1_000_000)),
    "млн од": ("IE", Decimal(1_000_000)),
    "тис. мо": ("IE", Decimal(1000)),
    "одиниць": ("IE", Decimal(1)),
    "мо": ("IE", Decimal(1)),
    "од": ("IE", Decimal(1)),
}
_UNIT = r"(?:мкг|мг|г|млн мо|млн од|тис\. мо|одиниць|мо|од)(?![\wа-яіїєґ])"
_AMOUNT = rf"(?:{NUMBER})\s?{_UNIT}"
_PART = re.compile(rf"({NUMBER})\s?({_UNIT})?")
# `875 мг/125 мг`, `1,0/1,0 г`, `(80 мг+16 мг)/мл`, `200 мг/28,5 мг в 5 мл`, `5 мг/мл`
_STRENGTH = re.compile(
    rf"(?P<parts>(?:(?:{NUMBER})(?:\s?{_UNIT})?\s?[/+]\s?)*{_AMOUNT})\s?\)?"
    rf"(?:\s?(?:/|в|у|на)\s?(?P<volume>{NUMBER})?\s?(?P<per>мл)(?![\wа-яіїєґ]))?"
)
_PERCENT = re.compile(rf"({NUMBER})\s?%")
# `по 8 г гранул`, `8 г в пакеті-саше`: the content of a sachet or vial with everything in it, not a strength.
_CONTENT = r"(?!\s(?:порошку|гранул|препарату|[ву] (?:пакет|саше|флакон)))"
_OTHER = re.compile(rf"^\s?,?\s?(?:або|чи|та|,)\s(?:по\s)?({NUMBER})\s?({_UNIT}){_CONTENT}")
_BRACKETS = re.compile(rf"^\s?\(({_AMOUNT}\s?[/+]\s?{_AMOUNT})\)")
_FURTHER = re.compile(rf"({NUMBER})\s?({_UNIT})(?!\s?/\s?\d*\s?мл)(?!\s(?:порошку|гранул|препарату))")
_TORN = re.compile(r"\d\s?$")
_VOLUMES = re.compile(rf"({NUMBER})\s?мл")


class Strength(msgspec.Struct, frozen=True):
    """Amounts in the order of substances, each in MG or IE, in one unit of the form (1 ML for liquids)."""

    amounts: tuple[Decimal, ...]
    units: tuple[str, ...]

    def shown(self, form: Form) -> str:
        """Write the strength as a doctor reads it: `875 мг/125 мг`, `5 мг/мл`, `100 мг/5 мл`."""
        portion = Decimal(5) if form.code in _SPOONED else Decimal(1)
        parts = [_shown(amount * portion, unit) for amount, unit in zip(self.amounts, self.units, strict=True)]
        per = "" if form.unit != "ML" else "/5 мл" if portion == 5 else "/мл"
        return "/".join(parts) + per


# Taken with a spoon of 5 ml, and so is their strength written.
_SPOONED = {"POWDER_FOR_ORAL_SUSPENSION", "ORAL_SUSPENSION", "ORAL_SOLUTION", "SYRUP"}


def strength(description: str, form: Form) -> Strength:
    """Return the strength stated first in a description; Unclear when there is none or more than one."""
    text = plain(description)
    found = _STRENGTH.search(text)
    if found is None:
        return _percent(text, form)
    if _TORN.search(text[: found.start()]):
        raise Unclear(Reason.NO_STRENGTH)  # `3000 000 МО`: the groups of digits do not fit together
    rest = text[found.end() :]
    amounts, units = _parts(found["parts"])
    if not all(amounts):
        raise Unclear(Reason.NO_STRENGTH)
    if (parts := _BRACKETS.match(rest)) and sum(_parts(parts[1])[0]) == sum(amounts):
        amounts, units = _parts(parts[1])  # `1,5 г (1000 мг/500 мг)`
    if (other := _OTHER.match(rest)) and number(other[1]) * _UNITS[other[2]][1] not in amounts:
        raise Unclear(Reason.SEVERAL_STRENGTHS)
    if form.unit == "ML":
        if found["per"] is None:
            raise Unclear(Reason.NO_STRENGTH)
        amounts = tuple(round(amount / number(found["volume"] or "1"), 6) for amount in amounts)
    elif found["per"] is not None:
        raise Unclear(Reason.NO_STRENGTH)
    if form.kind in {"piece", "vial"}:
        _must_be_the_only_one(rest, amounts)
    return Strength(amounts, units)


def content(package_qty: str) -> tuple[Decimal, str]:
    """Read `500 міліграм(и)`: the number and MG, IE, ML or PIECE; Unclear for anything else."""
    words = package_qty.split()
    kinds = {"міліграм": ("MG", 1), "грам": ("MG", 1000), "мілілітр": ("ML", 1), "штук": ("PIECE", 1)}
    kinds |= {"міжнародна": ("IE", 1), "одиниця": ("IE", 1)}
    if len(words) < 2 or (kind := kinds.get(re.split(r"\W", words[1].lower())[0])) is None:
        raise Unclear(Reason.NO_PACKAGE)
    return number(words[0]) * kind[1], kind[0]


def prepared_volume(description: str) -> Decimal | None:
    """Return the millilitres of suspension a bottle of powder gives, None when several or none are stated."""
    volumes = {number(found) for found in _VOLUMES.findall(plain(description))} - {Decimal(5)}
    return volumes.pop() if len(volumes) == 1 else None


def must_fit(strength: Strength, package_qty: str) -> None:
    """Compare a vial's content in the register with its strength; Unclear when they say different things."""
    amount, unit = content(package_qty)
    if unit not in {"MG", "IE"}:
        return
    same = [each for each, its in zip(strength.amounts, strength.units, strict=True) if its == unit]
    if same and amount not in {sum(same), same[0]}:
        raise Unclear(Reason.CONTENT_DIFFERS)


def _parts(text: str) -> tuple[tuple[Decimal, ...], tuple[str, ...]]:
    found = _PART.findall(text)
    last = next(unit for _, unit in reversed(found) if unit)
    scaled = [(number(value), *_UNITS[unit or last]) for value, unit in found]
    return tuple(value * scale for value, _, scale in scaled), tuple(unit for _, unit, _ in scaled)


def _percent(text: str, form: Form) -> Strength:
    """One percent of a solution is 10 mg in 1 ml."""
    found = _PERCENT.findall(text)
    if form.kind != "liquid" or len(set(found)) != 1:
        raise Unclear(Reason.NO_STRENGTH)
    return Strength((number(found[0]) * 10,), ("MG",))


def _must_be_the_only_one(rest: str, amounts: tuple[Decimal, ...]) -> None:
    """Another amount further on means another product in the same row, unless it is the same or the sum."""
    for found in _FURTHER.finditer(rest):
        amount = number(found[1]) * _UNITS[found[2]][1]
        if amount not in {*amounts, sum(amounts)}:
            raise Unclear(Reason.SEVERAL_STRENGTHS)


def _shown(amount: Decimal, unit: str) -> str:
    if unit == "IE":
        return f"{shown(amount)} МО"
    if amount < 1:
        return f"{shown(amount * 1000)} мкг"
    return f"{shown(amount)} мг"
