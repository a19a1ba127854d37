"""Reading the form: medicines, reason, day, division."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .. import handover
from ..handover import Line, Package
from .model import LINES, OTHER, REASONS, Entry

NO_MEDICINE = _("Оберіть препарат зі знайдених.")
TWICE = _("Цей препарат уже вказано. Змініть кількість у тому рядку.")
NO_REASON = _("Оберіть причину.")
SAY_REASON = _("Опишіть причину: від 5 до 1000 знаків.")
LONG_NOTE = _("Примітка задовга: до 1000 знаків.")


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
    note = reading.text("note", too_long=LONG_NOTE, longest=handover.forms.LONGEST) or ""
    day = handover.forms.read_day(reading, "dispensed_at", today)
    division = handover.forms.read_division(reading, divisions)
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
    quantity = handover.forms.read_quantity(reading, number, package)
    return None if quantity is None else Line(package, quantity)


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
        if not 5 <= len(own) <= handover.forms.LONGEST:
            reading.fault("reason_text", SAY_REASON)
        return own
    return f"{REASONS[code]}. {own}"[: handover.forms.LONGEST] if own else REASONS[code]
