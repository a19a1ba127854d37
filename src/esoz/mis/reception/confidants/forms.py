"""Reading the papers by which somebody speaks for another: every fault at its field, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from esoz.kernel.pages import mark as _
from esoz.mis.base.dictionaries import Dictionaries
from esoz.mis.reception.registration import PAPER, read_relation

FIRST, SECOND = "relation", "second"
TWICE = _("Такий документ уже вказано. Залиште один.")
FIELDS = tuple(f"{place}_{name}" for place in (FIRST, SECOND) for name in PAPER)
# Central's fields; which of the two papers is meant is not told apart.
ENTRIES = {
    f"$.{place}documents_relationship[].{name}": f"{FIRST}_{name}"
    for place in ("", "confidant_person_relationship.")
    for name in PAPER
}


def read_papers(
    values: Mapping[str, str], books: Dictionaries, today: date
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The published papers of what was typed, one or two, and what is wrong by field (PS-8, PS-9)."""
    first, faults = read_relation(values, books, today)
    if not any(values.get(f"{SECOND}_{name}", "").strip() for name in PAPER):
        return [first], faults
    second, more = read_relation(values, books, today, place=SECOND)
    if first.get("type") and first.get("type") == second.get("type"):
        more.setdefault(f"{SECOND}_type", TWICE)
    return [first, second], faults | more
