"""The tree of drugs: substance, what is prescribed (substance, form, strength), packages of each brand."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TextIO
from uuid import UUID, uuid5

import msgspec

from .forms import Form, form
from .packing import packages
from .strength import Strength, content, must_fit, prepared_volume, strength
from .substances import named, original, substances
from .text import Reason, Unclear, plain

# Ids are made of the name, so that two imports and two machines give one drug one id. Never change it.
NAMESPACE = UUID("7c1a1b52-6f0e-5d3c-9b7e-2f4f3a9d8e10")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the state drug register, its cells as they are."""

    package_pcid: str
    inn_ua: str
    inn_en: str
    atc_code: str
    reg_num: str
    exp_date: str
    name_ua: str
    package_status: str
    package_description: str
    package_legal_status: str
    release_form: str
    manufacturer: str
    package_qty: str


class Ingredient(msgspec.Struct, frozen=True):
    """One substance of a drug: amount in MG or IE in one unit of the form."""

    substance: str
    amount: Decimal
    unit: str
    is_primary: bool


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """One package that a pharmacy sells.

    `package_qty`: units in it; `package_min_qty`: the smallest part that may be sold, in units. `container_amount`:
    content of one bottle or ampoule in ML, None for pieces and powders. `prescription`: sold by prescription only.
    """

    id: UUID
    name: str
    manufacturer: str
    release_form: str
    package_qty: int
    package_min_qty: int
    container_amount: Decimal | None
    prescription: bool
    is_active: bool
    atc_codes: tuple[str, ...]
    certificates: tuple[str, ...]
    register_ids: tuple[str, ...]


class Dosage(msgspec.Struct, frozen=True, kw_only=True):
    """What is prescribed: INNM_DOSAGE."""

    id: UUID
    name: str
    form: Form
    ingredients: tuple[Ingredient, ...]
    brands: tuple[Brand, ...]


class Innm(msgspec.Struct, frozen=True, kw_only=True):
    """One substance, or one pair of substances that always go together."""

    id: UUID
    name: str
    name_original: str
    dosages: tuple[Dosage, ...]


class LeftOut(msgspec.Struct, frozen=True):
    """A row that cannot be read with certainty."""

    row: Row
    reason: Reason


class Tree(msgspec.Struct, frozen=True):
    """Everything read from a register, and what was left out."""

    innms: tuple[Innm, ...]
    left_out: tuple[LeftOut, ...]


class Parsed(msgspec.Struct, frozen=True):
    """One row read with certainty. `packages`: numbers of units in the registered packages."""

    substances: tuple[str, ...]
    original: str
    form: Form
    strength: Strength
    package_min_qty: int
    packages: tuple[int, ...]
    container_amount: Decimal | None
    row: Row


def read_rows(file: TextIO) -> list[Row]:
    """Read a CSV export of the register; ValueError when it is broken, as `read_lines` says."""
    return list(read_lines(file).values())


def read_lines(file: TextIO) -> dict[int, Row]:
    """Each row by the line it begins on; ValueError when a column is missing, a row is cut off or stands twice."""
    reader = csv.DictReader(file)
    missing = set(Row.__struct_fields__) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"the register lacks columns: {', '.join(sorted(missing))}")
    found: dict[int, Row] = {}
    lines: dict[str, int] = {}
    line = reader.line_num + 1
    for cells in reader:
        if None in cells or None in cells.values():
            raise ValueError(f"line {line}: the row has not as many cells as there are columns")
        row = msgspec.convert(cells, Row)
        first = lines.setdefault(row.package_pcid, line)
        if first != line:
            raise ValueError(f"line {line}: the package stands on line {first} already")
        found[line] = row
        line = reader.line_num + 1
    return found


def parse(row: Row) -> Parsed:
    """Read one row; Unclear when any part of it cannot be read with certainty."""
    names = substances(row.inn_ua)
    its_form = form(row.release_form, row.package_description)
    its_strength = strength(row.package_description, its_form)
    if len(names) != len(its_strength.amounts):
        raise Unclear(Reason.AMOUNTS_AND_SUBSTANCES)
    names = named(names, its_strength.amounts)
    if its_form.kind == "vial":
        must_fit(its_strength, row.package_qty)
    smallest, totals = packages(row.package_description, row.package_qty, its_form.kind)
    return Parsed(
        names, original(names, row.inn_en), its_form, its_strength, smallest, totals, _container(row, its_form), row
    )


def tree(rows: Iterable[Row]) -> Tree:
    """Build the tree; the same drug in several rows becomes one, rows left out are listed with their reason.

    The order of rows does not matter.
    """
    parsed: list[Parsed] = []
    left_out: list[LeftOut] = []
    for row in sorted(rows, key=lambda each: each.package_pcid):
        try:
            parsed.append(parse(row))
        except Unclear as fault:
            left_out.append(LeftOut(row, fault.reason))
    by_substance: dict[tuple[str, ...], list[Parsed]] = defaultdict(list)
    for each in parsed:
        by_substance[each.substances].append(each)
    innms = [_innm(names, group) for names, group in by_substance.items()]
    return Tree(tuple(sorted(innms, key=lambda each: each.name)), tuple(left_out))


def _container(row: Row, its_form: Form) -> Decimal | None:
    if its_form.kind == "oral_powder":
        return prepared_volume(row.package_description)
    if its_form.kind != "liquid":
        return None
    amount, unit = content(row.package_qty)
    return amount if unit == "ML" else None


def _innm(names: tuple[str, ...], group: list[Parsed]) -> Innm:
    by_dosage: dict[str, list[Parsed]] = defaultdict(list)
    for each in group:
        by_dosage[_dosage_key(each)].append(each)
    name = " + ".join(names)
    dosages = [_dosage(key, its) for key, its in by_dosage.items()]
    return Innm(
        id=uuid5(NAMESPACE, f"INNM {name}"),
        name=name,
        name_original=min(each.original for each in group),
        dosages=tuple(sorted(dosages, key=lambda each: each.name)),
    )


def _dosage_key(parsed: Parsed) -> str:
    amounts = zip(parsed.strength.amounts, parsed.strength.units, strict=True)
    shown = " ".join(f"{amount.normalize():f}{unit}" for amount, unit in amounts)
    return f"{' + '.join(parsed.substances)} {parsed.form.code} {shown}"


def _dosage(key: str, group: list[Parsed]) -> Dosage:
    first = group[0]
    parts = zip(first.substances, first.strength.amounts, first.strength.units, strict=True)
    return Dosage(
        id=uuid5(NAMESPACE, f"INNM_DOSAGE {key}"),
        name=f"{' + '.join(first.substances)} {first.strength.shown(first.form)} {first.form.name}",
        form=first.form,
        ingredients=tuple(Ingredient(each, amount, unit, n == 0) for n, (each, amount, unit) in enumerate(parts)),
        brands=_brands(key, group),
    )


def _brands(dosage_key: str, group: list[Parsed]) -> tuple[Brand, ...]:
    """One brand for a name, a maker and a package, whatever number of rows speak of it."""
    found: dict[str, list[tuple[Parsed, int]]] = defaultdict(list)
    for each in group:
        for total in each.packages:
            key = (plain(each.row.name_ua), plain(each.row.manufacturer), each.package_min_qty, total)
            volume = "" if each.container_amount is None else f"{each.container_amount.normalize():f}ml"
            found[f"{dosage_key} {key} {volume}"].append((each, total))
    brands = [_brand(key, its) for key, its in found.items()]
    return tuple(sorted(brands, key=lambda each: (each.name, each.manufacturer, each.package_qty)))


def _brand(key: str, group: list[tuple[Parsed, int]]) -> Brand:
    rows = [parsed.row for parsed, _ in group]
    first, total = group[0]
    return Brand(
        id=uuid5(NAMESPACE, f"BRAND {key}"),
        name=first.row.name_ua.strip(),
        manufacturer=first.row.manufacturer.strip(),
        release_form=first.row.release_form.strip(),
        package_qty=total,
        package_min_qty=first.package_min_qty,
        container_amount=first.container_amount,
        # A status that is not stated is taken for the stricter one.
        prescription=not all("без рецепта" in row.package_legal_status for row in rows),
        is_active=any(row.package_status == "Діючий" for row in rows),
        atc_codes=tuple(sorted({row.atc_code for row in rows})),
        certificates=tuple(sorted({row.reg_num for row in rows})),
        register_ids=tuple(sorted({row.package_pcid for row in rows})),
    )
