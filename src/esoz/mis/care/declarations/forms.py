"""What was chosen and typed on the way to a declaration."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.forms import Upload

from .model import Doctor, Place, Scan, Way

MOST_BYTES = 10 * 1024 * 1024  # of one scan
NO_DOCTOR = _("Оберіть лікаря зі списку.")
NO_PLACE = _("Оберіть місце прийому зі списку.")
NO_PLACE_OF_DOCTOR = _("У лікаря не вказано підрозділ. Оберіть місце прийому.")
NO_WAY = _("Оберіть, як пацієнт підтвердить вибір.")
FULL = _("У лікаря немає вільних місць. Оберіть іншого лікаря.")
BAD_CODE = _("Введіть код із SMS пацієнта: чотири цифри.")
NO_CODE = _("Введіть код, який пацієнт отримав в SMS.")
NOT_JPEG = _("Оберіть зображення JPEG (файл .jpg або .jpeg).")
TOO_LARGE = _("Файл більший за 10 МБ. Зменште зображення.")

_CODE = re.compile(r"\d{4,6}", re.ASCII)
_JPEG = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a patient chooses, where, and by which way they will confirm; None: the usual one."""

    doctor: Doctor
    division_id: UUID
    way: UUID | None


def read_choice(
    values: Mapping[str, str], doctors: Sequence[Doctor], places: Sequence[Place], ways: Sequence[Way], *, now_with: str
) -> tuple[Chosen | None, dict[str, str]]:
    """The choice, and what is wrong with it by field. `now_with`: the doctor who has the patient's declaration now."""
    errors: dict[str, str] = {}
    doctor = next((each for each in doctors if str(each.employee_id) == values.get("doctor")), None)
    if doctor is None:
        errors["doctor"] = NO_DOCTOR
    elif not doctor.free and str(doctor.employee_id) != now_with:  # their own place is counted, and becomes free
        errors["doctor"] = FULL
    asked = values.get("division", "")
    division = next((each.id for each in places if str(each.id) == asked), None)
    if asked and division is None:
        errors["division"] = NO_PLACE
    elif not asked and doctor is not None:
        division = doctor.division_id
        if division is None:
            errors["division"] = NO_PLACE_OF_DOCTOR
    way = next((each.id for each in ways if str(each.id) == values.get("way")), None)
    if ways and way is None:
        errors["way"] = NO_WAY
    if doctor is None or division is None or errors:
        return None, errors
    return Chosen(doctor, division, way), {}


def read_code(text: str) -> tuple[int | None, str]:
    """A patient's code as it is told aloud, with spaces or without; and what is wrong with it."""
    code = re.sub(r"[\s-]", "", text)
    if not code:
        return None, NO_CODE
    return (int(code), "") if _CODE.fullmatch(code) else (None, BAD_CODE)


def read_scans(
    scans: Iterable[Scan], files: Mapping[str, Sequence[Upload]]
) -> tuple[dict[str, tuple[Scan, bytes]], dict[str, str]]:
    """Field → scan and its bytes, for those that were chosen; and what is wrong by field."""
    found: dict[str, tuple[Scan, bytes]] = {}
    errors: dict[str, str] = {}
    for number, scan in enumerate(scans, 1):
        name = field_of_scan(number)
        upload = next(iter(files.get(name, ())), None)
        if upload is None:
            continue
        if len(upload.content) > MOST_BYTES:
            errors[name] = TOO_LARGE
        elif not upload.content.startswith(_JPEG):
            errors[name] = NOT_JPEG
        else:
            found[name] = (scan, upload.content)
    return found, errors


def field_of_scan(number: int) -> str:
    return f"scan-{number}"
