"""Reading the forms of wholesale supply: the request, and what is supplied by it."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .. import handover
from ..handover import Package
from .model import FIRST_LINES, MORE_LINES, MOST_LINES, REQUESTERS, Request, Supply

LONG, LONGEST_NUMBER, SHORTEST = 255, 50, 3
_EDRPOU = re.compile(r"[0-9]{8}|[0-9]{10}")
_NAMES = ("requester_name", "responsible_name", "responsible_position")

TOO_LONG = _("Текст задовгий.")
TOO_SHORT = _("Напишіть повністю: щонайменше 3 знаки.")
NO_TYPE = _("Оберіть, хто просить ліки.")
BAD_EDRPOU = _("Введіть код: 8 цифр ЄДРПОУ або 10 цифр РНОКПП.")
TOO_MUCH = _("Це більше, ніж залишилося за вимогою.")


def lines_of(values: Mapping[str, str]) -> int:
    """How many lines the form has."""
    typed = values.get("lines", "")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else FIRST_LINES
    return min(max(number + (MORE_LINES if values.get("more") else 0), FIRST_LINES), MOST_LINES)


def read_request(
    values: Mapping[str, str], known: Collection[UUID], divisions: Collection[str], today: date
) -> tuple[Request | None, dict[str, str]]:
    """What is to be recorded, or the faults by field."""
    reading = Reading(values)
    type = reading.typed("requester_type")
    if type not in REQUESTERS:
        reading.fault("requester_type", NO_TYPE)
    names = {name: _name(reading, name) for name in _NAMES}
    required = handover.forms.REQUIRED
    edrpou = reading.text("requester_edrpou", too_long=BAD_EDRPOU, missing=required, longest=10) or ""
    if edrpou and not _EDRPOU.fullmatch(edrpou):
        reading.fault("requester_edrpou", BAD_EDRPOU)
    number = reading.text("number", too_long=TOO_LONG, missing=required, longest=LONGEST_NUMBER) or ""
    day = handover.forms.read_day(reading, "requested_at", today)
    medicines = handover.forms.read_medicines(reading, known, lines_of(values))
    division = handover.forms.read_division(reading, divisions)
    if reading.faults or day is None:
        return None, reading.faults
    request = Request(
        division_id=UUID(division),
        requester_type=type,
        **names,
        requester_edrpou=edrpou,
        number=number,
        requested_at=day,
        medicines=medicines,
    )
    return request, {}


def _name(reading: Reading, name: str) -> str:
    text = reading.text(name, too_long=TOO_LONG, missing=handover.forms.REQUIRED, longest=LONG) or ""
    if text and len(text) < SHORTEST:
        reading.fault(name, TOO_SHORT)
    return text


def read_supply(
    values: Mapping[str, str],
    request: Mapping[str, Any],
    offers: Mapping[str, Sequence[Package]],
    divisions: Collection[str],
    today: date,
) -> tuple[Supply | None, dict[str, str]]:
    """What is to be supplied of each line of the request, or the faults by field."""
    reading = Reading(values)
    lines = handover.forms.read_given(reading, request, offers, TOO_MUCH)
    received_by = _name(reading, "received_by")
    day = handover.forms.read_day(reading, "supplied_at", today)
    division = handover.forms.read_division(reading, divisions)
    if reading.faults or day is None:
        return None, reading.faults
    return Supply(UUID(request["id"]), UUID(division), day, received_by, lines), {}
