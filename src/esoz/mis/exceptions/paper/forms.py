"""Reading the forms of paper: the blank, and what is handed over by it."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from ..emergency import NO_DIVISION, Line, Package, read_quantity
from .model import LINES, Blank, Handover, Medicine

LONGEST, LONG = 30, 255
REASON = (5, 1000)
TERM = timedelta(days=30)
_EDRPOU = re.compile(r"[0-9]{8}|[0-9]{10}")

REQUIRED = _("Заповніть це поле.")
TOO_LONG = _("Текст задовгий.")
BAD_EDRPOU = _("Введіть код із бланка: 8 або 10 цифр.")
BAD_DAY = _("Введіть справжню дату.")
FUTURE = _("Цей день ще не настав.")
BAD_TERM = _("Рецепт на бланку ф-1 діє не довше 30 днів від дати виписування.")
NO_DOSAGE = _("Оберіть ліки зі знайдених.")
TWICE = _("Ці ліки вже вказано.")
NO_QUANTITY = _("Вкажіть кількість, наприклад 20.")
NOTHING = _("Вкажіть, скільки відпущено, хоча б для одного рядка.")
NO_PACKAGE = _("Оберіть препарат.")
TOO_MUCH = _("Це більше, ніж залишилося за рецептом.")
NO_REASON = _("Опишіть причину: від 5 до 1000 знаків.")


def read_blank(
    values: Mapping[str, str], known: Collection[UUID], divisions: Collection[str], today: date
) -> tuple[Blank | None, dict[str, str]]:
    """What is to be recorded, or the faults by field."""
    reading = Reading(values)
    series = reading.text("series", too_long=TOO_LONG, longest=20) or ""
    number = reading.text("number", too_long=TOO_LONG, missing=REQUIRED, longest=LONGEST) or ""
    names = [reading.text(name, too_long=TOO_LONG, missing=REQUIRED, longest=LONG) or "" for name in _NAMES]
    edrpou = reading.text("institution_edrpou", too_long=BAD_EDRPOU, missing=REQUIRED, longest=10) or ""
    if edrpou and not _EDRPOU.fullmatch(edrpou):
        reading.fault("institution_edrpou", BAD_EDRPOU)
    issued_at = reading.day("issued_at", wrong=BAD_DAY, missing=REQUIRED)
    valid_to = reading.day("valid_to", wrong=BAD_DAY)
    if issued_at is not None and issued_at > today:
        reading.fault("issued_at", FUTURE)
    if issued_at is not None and valid_to is not None and not issued_at <= valid_to <= issued_at + TERM:
        reading.fault("valid_to", BAD_TERM)
    medicines = _medicines(reading, known)
    division = reading.typed("division")
    if division not in divisions:
        reading.fault("division", NO_DIVISION)
    if reading.faults or issued_at is None:
        return None, reading.faults
    institution, doctor = names
    blank = Blank(UUID(division), series, number, institution, edrpou, doctor, issued_at, valid_to, medicines)
    return blank, {}


_NAMES = ("institution_name", "doctor_name")


def chosen(values: Mapping[str, str], name: str) -> list[UUID]:
    """Ids that are chosen in the numbered fields of a name."""
    found = []
    for number in range(1, LINES + 1):
        try:
            found.append(UUID(values.get(f"{name}_{number}", "")))
        except ValueError:
            continue
    return found


def _medicines(reading: Reading, known: Collection[UUID]) -> list[Medicine]:
    found: list[Medicine] = []
    for number in range(1, LINES + 1):
        name, quantity = f"medicine_{number}", f"quantity_{number}"
        if not (reading.has_choice(name) or reading.typed(quantity)):
            continue
        id = reading.id(name, wrong=NO_DOSAGE, missing=NO_DOSAGE)
        amount = reading.number(quantity, wrong=NO_QUANTITY, missing=NO_QUANTITY)
        if id is not None and id not in known:
            reading.fault(name, NO_DOSAGE)
        if any(each.dosage_id == id for each in found):
            reading.fault(name, TWICE)
        if amount is not None and not 0 < amount < Decimal(1_000_000):
            reading.fault(quantity, NO_QUANTITY)
        if id is not None and amount is not None:
            found.append(Medicine(id, amount))
    if not found and not reading.faults:
        reading.fault("medicine_1", NO_DOSAGE)
    return found


def read_handover(
    values: Mapping[str, str],
    paper: Mapping[str, Any],
    offers: Mapping[str, Sequence[Package]],
    divisions: Collection[str],
    today: date,
) -> tuple[Handover | None, dict[str, str]]:
    """What is to be handed over of each line of the blank, or the faults by field."""
    reading = Reading(values)
    left = {each["medication_id"]: Decimal(str(each["medication_qty"])) for each in paper["remaining"]}
    lines = []
    for number, each in enumerate(paper["medicines"], 1):
        if reading.typed(f"packages_{number}") or reading.typed(f"units_{number}"):
            line = _line(reading, number, offers.get(each["medication_id"], ()))
            if line is not None and line.quantity > left.get(each["medication_id"], Decimal(0)):
                reading.fault(f"packages_{number}", TOO_MUCH)
            lines += [line] if line is not None else []
    if not lines and not reading.faults:
        reading.fault("packages_1", NOTHING)
    day = reading.day("dispensed_at", wrong=BAD_DAY, missing=REQUIRED)
    if day is not None and day > today:
        reading.fault("dispensed_at", FUTURE)
    division = reading.typed("division")
    if division not in divisions:
        reading.fault("division", NO_DIVISION)
    if reading.faults or day is None:
        return None, reading.faults
    return Handover(UUID(paper["id"]), UUID(division), day, lines), {}


def _line(reading: Reading, number: int, offers: Sequence[Package]) -> Line | None:
    package = next((each for each in offers if str(each.id) == reading.typed(f"package_{number}")), None)
    if package is None:
        reading.fault(f"package_{number}", NO_PACKAGE)
        return None
    quantity = read_quantity(reading, number, package)
    return None if quantity is None else Line(package, quantity)
