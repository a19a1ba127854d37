"""Reading the forms of paper: the blank, and what is handed over by it."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .. import handover
from ..handover import Package
from .model import LINES, Blank, Handover

LONGEST, LONG = 30, 255
TERM = timedelta(days=30)
_EDRPOU = re.compile(r"[0-9]{8}|[0-9]{10}")
_NAMES = ("institution_name", "doctor_name")

TOO_LONG = _("Текст задовгий.")
BAD_EDRPOU = _("Введіть код із бланка: 8 або 10 цифр.")
BAD_TERM = _("Рецепт на бланку ф-1 діє не довше 30 днів від дати виписування.")
TOO_MUCH = _("Це більше, ніж залишилося за рецептом.")


def read_blank(
    values: Mapping[str, str], known: Collection[UUID], divisions: Collection[str], today: date
) -> tuple[Blank | None, dict[str, str]]:
    """What is to be recorded, or the faults by field."""
    reading = Reading(values)
    series = reading.text("series", too_long=TOO_LONG, longest=20) or ""
    number = reading.text("number", too_long=TOO_LONG, missing=handover.forms.REQUIRED, longest=LONGEST) or ""
    names = [
        reading.text(name, too_long=TOO_LONG, missing=handover.forms.REQUIRED, longest=LONG) or "" for name in _NAMES
    ]
    edrpou = reading.text("institution_edrpou", too_long=BAD_EDRPOU, missing=handover.forms.REQUIRED, longest=10) or ""
    if edrpou and not _EDRPOU.fullmatch(edrpou):
        reading.fault("institution_edrpou", BAD_EDRPOU)
    issued_at, valid_to = (
        handover.forms.read_day(reading, "issued_at", today),
        reading.day("valid_to", wrong=handover.forms.BAD_DAY),
    )
    if issued_at is not None and valid_to is not None and not issued_at <= valid_to <= issued_at + TERM:
        reading.fault("valid_to", BAD_TERM)
    medicines = handover.forms.read_medicines(reading, known, LINES)
    division = handover.forms.read_division(reading, divisions)
    if reading.faults or issued_at is None:
        return None, reading.faults
    institution, doctor = names
    blank = Blank(UUID(division), series, number, institution, edrpou, doctor, issued_at, valid_to, medicines)
    return blank, {}


def read_handover(
    values: Mapping[str, str],
    paper: Mapping[str, Any],
    offers: Mapping[str, Sequence[Package]],
    divisions: Collection[str],
    today: date,
) -> tuple[Handover | None, dict[str, str]]:
    """What is to be handed over of each line of the blank, or the faults by field."""
    reading = Reading(values)
    lines = handover.forms.read_given(reading, paper, offers, TOO_MUCH)
    day = handover.forms.read_day(reading, "dispensed_at", today)
    division = handover.forms.read_division(reading, divisions)
    if reading.faults or day is None:
        return None, reading.faults
    return Handover(UUID(paper["id"]), UUID(division), day, lines), {}
