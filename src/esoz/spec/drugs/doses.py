"""Defined daily doses: what an adult takes in a day on average, by ATC code and the way into the body."""

from decimal import Decimal
from functools import cache

import msgspec

from ..files import csv_rows
from .forms import Form

_BY_NEEDLE = ("INJECTION", "INFUSION")
_ELSEWHERE = ("INHALATION", "SUPPOSITORY")


class Dose(msgspec.Struct, frozen=True):
    """An amount in MG or IE."""

    amount: Decimal
    unit: str


def daily_dose(codes: frozenset[str], form: Form) -> Dose | None:
    """The dose of a drug with these ATC codes; None when it is not known or the codes have different ones."""
    found = {_doses().get((code, _route(form))) for code in codes}
    return found.pop() if len(found) == 1 else None


def _route(form: Form) -> str:
    if any(word in form.code for word in _BY_NEEDLE):
        return "P"
    return "" if any(word in form.code for word in _ELSEWHERE) else "O"


@cache
def _doses() -> dict[tuple[str, str], Dose]:
    rows = csv_rows("daily-doses.csv")
    return {(row["code_atc"], row["route"]): Dose(Decimal(row["amount"]), row["unit"]) for row in rows if row["amount"]}
