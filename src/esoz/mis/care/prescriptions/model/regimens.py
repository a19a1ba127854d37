"""What is usual of an antibiotic: facts that a form is filled with and that a prescription is held against.

The table is a reminder and not exhaustive: the summary of the medicine decides. Amounts are of the first substance, in
MG or IE. Sources, named in each row: `aware`, the WHO AWaRe antibiotic book (2022); `ddd`, the WHO ATC/DDD index;
`smpc`, the summary of product characteristics. `once`: what a course of one day may reach; `per_kg`: the most in a day
for each kilogram of a child. An empty cell is not known, so nothing follows from it.
"""

import csv
from decimal import Decimal
from functools import cache
from importlib.resources import files

import msgspec

from .drugs import Drug

ORAL, PARENTERAL = "oral", "parenteral"
MOST_PIECES = 4  # more tablets at once are a sign of the wrong strength
_PARENTERAL_FORMS = ("INJECTION", "INFUSION")
_ORAL_FORMS = ("TABLET", "CAPSULE", "ORAL", "SYRUP")


class Regimen(msgspec.Struct, frozen=True, kw_only=True):
    """One row: a substance by one way into the body."""

    substance: str
    ukrainian: str
    way: str
    group: str
    unit: str
    ddd: Decimal | None = None
    dose: Decimal | None = None
    times: int | None = None
    days: int | None = None
    longest: int | None = None
    daily: Decimal | None = None
    once: Decimal | None = None
    per_kg: Decimal | None = None
    least_age: int | None = None
    source: str = ""


@cache
def _table() -> dict[tuple[str, str], Regimen]:
    text = files("esoz.mis.care.prescriptions.model").joinpath("antibiotics.csv").read_text("utf-8")
    rows = ({name: value for name, value in row.items() if value} for row in csv.DictReader(text.splitlines()))
    found = (msgspec.convert(row, Regimen, strict=False) for row in rows)
    return {(each.substance, each.way): each for each in found}


def regimens() -> tuple[Regimen, ...]:
    """The whole table."""
    return tuple(_table().values())


def way_of(form: str) -> str:
    """Into the body by mouth or past it; empty for forms that act where they are put."""
    if any(part in form for part in _PARENTERAL_FORMS):
        return PARENTERAL
    return ORAL if any(part in form for part in _ORAL_FORMS) else ""


def regimen_of(drug: Drug) -> Regimen | None:
    """What is usual of a medicine; None when the table does not know it, or counts it in other units."""
    found = _table().get((drug.latin, way_of(drug.form)))
    return found if found and drug.ingredients and drug.ingredients[0].unit == found.unit else None


def usual_dose(drug: Drug, regimen: Regimen) -> Decimal | None:
    """An adult's usual dose in units of the form; None when it is not a whole number of what cannot be parted."""
    if regimen.dose is None:
        return None
    dose = regimen.dose / drug.ingredients[0].amount
    if drug.dose_unit == "ML":
        return round(dose, 1)
    return dose if dose == dose.to_integral_value() and dose <= MOST_PIECES else None


def groups_of(latin: str) -> frozenset[str]:
    """Groups of a substance, or of several that are joined by a plus; none for what is no antibiotic of the table."""
    return frozenset(each.group for each in regimens() if each.substance == latin)
