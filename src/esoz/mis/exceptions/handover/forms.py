"""Reading what forms of handing over have in common: lines, day, division, a reason."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .model import Line, Medicine, Package

MOST_PACKAGES = 10_000
LONGEST = 1000
REASON = (5, LONGEST)
MOST_BYTES = 10 * 1024 * 1024

REQUIRED = _("Заповніть це поле.")
BAD_DAY = _("Введіть справжню дату.")
FUTURE = _("Цей день ще не настав.")
NO_DIVISION = _("Оберіть підрозділ аптеки.")
NO_DOSAGE = _("Оберіть ліки зі знайдених.")
TWICE = _("Ці ліки вже вказано.")
NO_AMOUNT = _("Вкажіть кількість, наприклад 20.")
NO_PACKAGE = _("Оберіть препарат.")
NO_QUANTITY = _("Вкажіть, скільки відпущено.")
NOTHING = _("Вкажіть, скільки відпущено, хоча б для одного рядка.")
BAD_PACKAGES = _("Введіть ціле число упаковок.")
BAD_UNITS = _("Ця кількість не кратна найменшій частині упаковки.")
NO_REASON = _("Опишіть причину: від 5 до 1000 знаків.")


def typed(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be mended later: nothing of the form's own workings."""
    return {name: value for name, value in values.items() if name not in ("csrf", "form_token", "find")}


def chosen(values: Mapping[str, str], name: str, lines: int) -> list[UUID]:
    """Ids that are chosen in the numbered fields of a name."""
    found = []
    for number in range(1, lines + 1):
        try:
            found.append(UUID(values.get(f"{name}_{number}", "")))
        except ValueError:
            continue
    return found


def is_picture(content: bytes) -> bool:
    """Whether central will look at it: JPEG, not too large."""
    return content.startswith(b"\xff\xd8\xff") and len(content) <= MOST_BYTES


def read_day(reading: Reading, name: str, today: date) -> date | None:
    """A day that has come."""
    day = reading.day(name, wrong=BAD_DAY, missing=REQUIRED)
    if day is not None and day > today:
        reading.fault(name, FUTURE)
    return day


def read_division(reading: Reading, divisions: Collection[str]) -> str:
    """The division that was chosen."""
    division = reading.typed("division")
    if division not in divisions:
        reading.fault("division", NO_DIVISION)
    return division


def read_quantity(reading: Reading, number: int, package: Package) -> Decimal | None:
    """Whole packages and units beside them."""
    packages, units = f"packages_{number}", f"units_{number}"
    whole = reading.typed(packages) or "0"
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 5 and int(whole) <= MOST_PACKAGES):
        reading.fault(packages, BAD_PACKAGES)
        return None
    rest = reading.number(units, wrong=BAD_UNITS) or Decimal(0)
    if rest < 0 or rest > package.qty * MOST_PACKAGES or rest % package.min_qty:
        reading.fault(units, BAD_UNITS)
        return None
    quantity = package.qty * int(whole) + rest
    if quantity == 0:
        reading.fault(packages, NO_QUANTITY)
        return None
    return quantity


def read_medicines(reading: Reading, known: Collection[UUID], lines: int) -> list[Medicine]:
    """What is asked for, line by line; lines with nothing in them are not there."""
    found: list[Medicine] = []
    for number in range(1, lines + 1):
        name, quantity = f"medicine_{number}", f"quantity_{number}"
        if not (reading.has_choice(name) or reading.typed(quantity)):
            continue
        id = reading.id(name, wrong=NO_DOSAGE, missing=NO_DOSAGE)
        amount = reading.number(quantity, wrong=NO_AMOUNT, missing=NO_AMOUNT)
        if id is not None and id not in known:
            reading.fault(name, NO_DOSAGE)
        if any(each.dosage_id == id for each in found):
            reading.fault(name, TWICE)
        if amount is not None and not 0 < amount < Decimal(1_000_000):
            reading.fault(quantity, NO_AMOUNT)
        if id is not None and amount is not None:
            found.append(Medicine(id, amount))
    if not found and not reading.faults:
        reading.fault("medicine_1", NO_DOSAGE)
    return found


def read_given(
    reading: Reading, whole: Mapping[str, Any], offers: Mapping[str, Sequence[Package]], too_much: str
) -> list[Line]:
    """What is handed over of each line of a blank or a request; never more than is left of it."""
    left = {each["medication_id"]: Decimal(str(each["medication_qty"])) for each in whole["remaining"]}
    lines = []
    for number, each in enumerate(whole["medicines"], 1):
        if reading.typed(f"packages_{number}") or reading.typed(f"units_{number}"):
            line = _line(reading, number, offers.get(each["medication_id"], ()))
            if line is not None and line.quantity > left.get(each["medication_id"], Decimal(0)):
                reading.fault(f"packages_{number}", too_much)
            lines += [line] if line is not None else []
    if not lines and not reading.faults:
        reading.fault("packages_1", NOTHING)
    return lines


def _line(reading: Reading, number: int, offers: Sequence[Package]) -> Line | None:
    package = next((each for each in offers if str(each.id) == reading.typed(f"package_{number}")), None)
    if package is None:
        reading.fault(f"package_{number}", NO_PACKAGE)
        return None
    quantity = read_quantity(reading, number, package)
    return None if quantity is None else Line(package, quantity)
