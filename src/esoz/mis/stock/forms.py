"""Forms of the stock: a receipt and its lines, a file of lines, a write-off, a count."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from esoz.kernel.db import Row
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading, day_of

from .model.batches import REASONS, Counted, Line, Medicine

MOST = Decimal(1_000_000)
LONGEST = 100
MOST_LINES = 1000
HEADS = ("medication_id", "barcode", "name", "series", "expires_on", "packages", "price")

NO_DAY = _("Введіть дату накладної.")
LATE_DAY = _("Дата накладної не може бути в майбутньому.")
NO_DOCUMENT = _("Введіть номер накладної.")
NO_SUPPLIER = _("Введіть назву постачальника.")
LONG = _("Скоротіть до 100 знаків.")
NO_MEDICINE = _("Оберіть препарат зі списку або відскануйте упаковку.")
NO_SERIES = _("Введіть серію з упаковки.")
NO_EXPIRY = _("Введіть останній день строку придатності.")
OVER = _("Строк придатності вже минув: такі ліки не оприбутковують.")
BAD_PACKAGES = _("Введіть ціле число упаковок від 1.")
BAD_PRICE = _("Введіть ціну упаковки в гривнях, наприклад 125,50.")
BAD_BARCODE = _("Штрихкод складається з 8–14 цифр.")
BAD_QUANTITY = _("Введіть число від 0, кратне найменшій частині упаковки.")
NOTHING = _("Введіть кількість.")
MORE_THAN_LEFT = _("У партії стільки немає. Введіть не більше, ніж залишилося.")
NO_REASON = _("Оберіть причину.")
NO_WORDS = _("Поясніть причину.")
NOT_COUNTED = _("Введіть пораховану кількість хоча б для однієї партії.")
NO_FILE = _("Оберіть файл.")
NO_TABLE = _("Файл не читається. Збережіть таблицю як CSV UTF-8 з назвами стовпців у першому рядку.")
LONG_TABLE = _("У файлі понад 1000 рядків. Розділіть його.")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top of a receipt."""

    day: date
    document: str
    supplier: str


def read_head(values: Mapping[str, str], today: date) -> tuple[Head | None, dict[str, str]]:
    """The top of a receipt, and the faults by field."""
    form = Reading(values)
    supplier = form.text("supplier", missing=NO_SUPPLIER, too_long=LONG, longest=LONGEST)
    document = form.text("document", missing=NO_DOCUMENT, too_long=LONG, longest=LONGEST)
    day = form.day("day", missing=NO_DAY, wrong=NO_DAY)
    if day and day > today:
        form.fault("day", LATE_DAY)
    if form.faults or day is None:
        return None, form.faults
    return Head(day, document or "", supplier or ""), {}


def read_line(
    values: Mapping[str, str], medicine: Medicine | None, today: date
) -> tuple[Line | None, str, dict[str, str]]:
    """A line of a receipt with the barcode of its package, and the faults by field."""
    form = Reading(values)
    if medicine is None:
        form.fault("medicine", NO_MEDICINE)
    series = form.text("series", missing=NO_SERIES, too_long=LONG, longest=LONGEST)
    expires_on = form.day("expires_on", missing=NO_EXPIRY, wrong=NO_EXPIRY)
    if expires_on and expires_on < today:
        form.fault("expires_on", OVER)
    packages, price = read_packages(form.typed("packages")), read_money(form.typed("price"))
    if not packages:
        form.fault("packages", BAD_PACKAGES)
    if price is None:
        form.fault("price", BAD_PRICE)
    barcode = "".join(form.typed("barcode").split())
    if barcode and not (barcode.isascii() and barcode.isdecimal() and 8 <= len(barcode) <= 14):
        form.fault("barcode", BAD_BARCODE)
    if form.faults or medicine is None or expires_on is None or price is None or packages is None:
        return None, "", form.faults
    line = Line(
        medication_id=medicine.medication_id,
        series=series or "",
        expires_on=expires_on,
        quantity=medicine.quantity(packages, Decimal(0)),
        price=price,
    )
    return line, barcode, {}


def read_packages(text: str) -> int | None:
    """A whole number from 0; None when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else None


def read_money(text: str) -> Decimal | None:
    """Hryvnias with kopecks; None when they are none."""
    form = Reading({"price": text.replace("\u00a0", "").replace(" ", "")})
    value = form.number("price", wrong=BAD_PRICE)
    return value if value is not None and 0 <= value < MOST and value == round(value, 2) else None


def read_units(text: str, medicine: Medicine) -> Decimal | None:
    """Units beside whole packages: 0 of nothing; None when they are no multiple of the smallest part."""
    if not text:
        return Decimal(0)
    value = Reading({"units": text}).number("units", wrong=BAD_QUANTITY)
    if value is None or not 0 <= value < MOST or value % min(medicine.package_min_qty, medicine.package_qty):
        return None
    return value


def read_write_off(
    values: Mapping[str, str], medicine: Medicine, left: Decimal
) -> tuple[Decimal, str, str, dict[str, str]]:
    """How much, the code of the reason, its words; and the faults by field."""
    form = Reading(values)
    packages = read_packages(form.typed("packages") or "0")
    units = read_units(form.typed("units"), medicine)
    if packages is None:
        form.fault("packages", BAD_PACKAGES)
    if units is None:
        form.fault("units", BAD_QUANTITY)
    quantity = medicine.quantity(packages or 0, units or Decimal(0))
    if not form.faults and quantity == 0:
        form.fault("packages", NOTHING)
    if quantity > left:
        form.fault("packages", MORE_THAN_LEFT)
    code = form.typed("reason")
    if code not in REASONS:
        form.fault("reason", NO_REASON)
    words = form.text("words", too_long=LONG, longest=LONGEST, missing=NO_WORDS if code == "OTHER" else "")
    return quantity, code, words or "", form.faults


def read_count(values: Mapping[str, str], rows: Sequence[Row], medicine_of: Mapping[str, Medicine]) -> "Count":
    """What was counted of the batches of a page, beside what the books said when it was shown."""
    form, found = Reading(values), []
    for row in rows:
        id, medicine = str(row["id"]), medicine_of[str(row["medication_id"])]
        typed, loose = form.typed(f"packages-{id}"), form.typed(f"units-{id}")
        if not typed and not loose:
            continue
        packages, units = read_packages(typed or "0"), read_units(loose, medicine)
        booked = Reading(values).number(f"booked-{id}", wrong=NOTHING)
        if packages is None:
            form.fault(f"packages-{id}", BAD_QUANTITY)
        if units is None:
            form.fault(f"units-{id}", BAD_QUANTITY)
        if packages is not None and units is not None:
            said = booked if booked is not None and 0 <= booked < MOST * 1000 else row["quantity"]
            found.append(Counted(batch_id=row["id"], booked=said, counted=medicine.quantity(packages, units)))
    if not form.faults and not found and rows:
        form.fault(f"packages-{rows[0]['id']}", NOT_COUNTED)
    return Count(found, form.faults)


@dataclass(frozen=True, slots=True)
class Count:
    """What a form of an inventory says, and its faults by field."""

    counted: Sequence[Counted]
    errors: Mapping[str, str]


def read_table(content: bytes) -> tuple[Sequence[Mapping[str, str]], str]:
    """Rows of a file by the names of its columns, or what is wrong with the file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], NO_TABLE
    if "\0" in text or not text.strip():
        return [], NO_TABLE
    first = text.lstrip().splitlines()[0]
    delimiter = ";" if first.count(";") >= first.count(",") else ","
    try:
        reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
        heads = {(name or "").strip().lower() for name in reader.fieldnames or ()}
        if not heads >= {"series", "expires_on", "packages", "price"} or not heads & set(HEADS[:3]):
            return [], NO_TABLE
        rows = [
            {
                (name or "").strip().lower(): (value or "").strip()
                for name, value in row.items()
                if isinstance(value, str)
            }
            for row in reader
        ]
    except csv.Error:
        return [], NO_TABLE
    return (rows, "") if len(rows) <= MOST_LINES else ([], LONG_TABLE)


def with_day(row: Mapping[str, str]) -> dict[str, str]:
    """A row of a file as the form of a line sends it: days of this country are written 31.12.2027 too."""
    text = row.get("expires_on", "")
    parts = text.split(".")
    if len(parts) == 3 and day_of("-".join(reversed(parts))):
        text = "-".join(reversed(parts))
    return {**row, "expires_on": text}
