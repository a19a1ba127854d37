"""Groups of common medicines: two of one group at once are rarely meant, and some harm a child before its birth.

Sources: groups as of the WHO ATC/DDD index (2025), of which a few that mean the same danger stand together; `fetus`
as of section 4.6 of the summaries of product characteristics. The table is not exhaustive: what is not in it is not
known, so nothing follows from it.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True, slots=True)
class MedicineGroup:
    """One row: an ATC code, the name of the group, whether it may harm a fetus."""

    atc: str
    name: str
    harms_fetus: bool


@cache
def _groups() -> dict[str, MedicineGroup]:
    """Substances by their international names → their group."""
    text = files("esoz.mis.care.prescriptions.model").joinpath("medicine_groups.csv").read_text("utf-8")
    return {
        substance: MedicineGroup(row["atc"], row["name"], bool(row["fetus"]))
        for row in csv.DictReader(text.splitlines())
        for substance in row["substances"].split()
    }


def medicine_groups(names: Iterable[str]) -> frozenset[MedicineGroup]:
    """Groups of substances by their international names; salts and joined names are read word by word."""
    words = (word for latin in names for word in _WORD.findall(latin.lower()))
    return frozenset(group for word in words if (group := _groups().get(word)))
