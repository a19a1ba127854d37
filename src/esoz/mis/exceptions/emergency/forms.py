"""Reading the form: medicines, reason, day, division."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .model import LINES, OTHER, REASONS, Entry, Line, Package

MOST_PACKAGES = 1000
LONGEST = 1000

NO_MEDICINE = _("Оберіть препарат зі знайдених.")
TWICE = _("Цей препарат уже вказано. Змініть кількість у тому рядку.")
NO_QUANTITY = _("Вкажіть, скільки відпущено.")
BAD_PACKAGES = _("Введіть ціле число упаковок.")
BAD_UNITS = _("Ця кількість не кратна найменшій частині упаковки.")
NO_REASON = _("Оберіть причину.")
SAY_REASON = _("Опишіть причину: від 5 до 1000 знаків.")
LONG_NOTE = _("Примітка задовга: до 1000 знаків.")
NO_DAY = _("Введіть день відпуску.")
FUTURE = _("Цей день ще не настав.")
NO_DIVISION = _("Оберіть підрозділ аптеки.")


def chosen(values: Mapping[str, str]) -> list[UUID]:
    """Packages that are chosen in the form."""
    found = []
    for number in range(1, LINES + 1):
        try:
            found.append(UUID(values.get(f"medication_{number}", "")))
        except ValueError:
            continue
    return found


def read(
    values: Mapping[str, str], known: Mapping[UUID, Package], divisions: Collection[str], today: date
) -> tuple[Entry | None, dict[str, str]]:
    """What is to be written down, or the faults by field."""
    reading = Reading(values)
    lines = [line for number in range(1, LINES + 1) if (line := _line(reading, number, known)) is not None]
    _must_be_once(reading, lines)
    if not lines and not reading.faults:
        reading.fault("medication_1", NO_MEDICINE)
    reason = _reason(reading)
    note = reading.text("note", too_long=LONG_NOTE, longest=LONGEST) or ""
    day = reading.day("dispensed_at", wrong=NO_DAY, missing=NO_DAY)
    if day is not None and day > today:
        reading.fault("dispensed_at", FUTURE)
    division = reading.typed("division")
    if division not in divisions:
        reading.fault("division", NO_DIVISION)
    if reading.faults or day is None:
        return None, reading.faults
    return Entry(UUID(division), day, reason, lines, note), {}


def _line(reading: Reading, number: int, known: Mapping[UUID, Package]) -> Line | None:
    medication, packages, units = f"medication_{number}", f"packages_{number}", f"units_{number}"
    if not (reading.has_choice(medication) or reading.typed(packages) or reading.typed(units)):
        return None
    id = reading.id(medication, wrong=NO_MEDICINE, missing=NO_MEDICINE)
    package = known.get(id) if id else None
    if package is None:
        reading.fault(medication, NO_MEDICINE)
        return None
    quantity = read_quantity(reading, number, package)
    return None if quantity is None else Line(package, quantity)


def read_quantity(reading: Reading, number: int, package: Package) -> Decimal | None:
    """Whole packages and units beside them."""
    packages, units = f"packages_{number}", f"units_{number}"
    whole = reading.typed(packages) or "0"
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 4 and int(whole) <= MOST_PACKAGES):
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


def _must_be_once(reading: Reading, lines: list[Line]) -> None:
    ids = [line.package.id for line in lines]
    for number in range(2, LINES + 1):
        typed = reading.typed(f"medication_{number}")
        if typed and [str(id) for id in ids].count(typed) > 1:
            reading.fault(f"medication_{number}", TWICE)


def _reason(reading: Reading) -> str:
    """The words that are signed."""
    code, own = reading.typed("reason"), reading.typed("reason_text")
    if code not in REASONS:
        reading.fault("reason", NO_REASON)
        return ""
    if code == OTHER:
        if not 5 <= len(own) <= LONGEST:
            reading.fault("reason_text", SAY_REASON)
        return own
    return f"{REASONS[code]}. {own}"[:LONGEST] if own else REASONS[code]
