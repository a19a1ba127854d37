"""What stands on a blank of form 1, and what may not be missing from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.kernel.printing import Text, typeset

TEMPLATE = files("esoz.central.site.paper_blank").joinpath("form_1.typ").read_bytes()
LINES = 3  # PP-2
LONGEST_TERM = timedelta(days=30)  # PP-3
SHORT, LONG = 120, 400  # characters of a name, of how to take it
_EDRPOU = re.compile(r"[0-9]{8}|[0-9]{10}")
_UKRAINIAN = re.compile("[а-щьюяґєії]", re.IGNORECASE)
# What says nothing to who takes it.
_EMPTY_WORDS = frozenset({"відомо", "зовнішнє", "внутрішнє", "зовнішньо", "внутрішньо", "як раніше"})

REQUIRED = _("Заповніть це поле.")
TOO_LONG = _("Текст задовгий для бланка.")
BAD_EDRPOU = _("Введіть код ЄДРПОУ: 8 цифр, або РНОКПП: 10 цифр.")
BAD_DAY = _("Введіть справжню дату.")
FUTURE = _("Дата рецепта ще не настала.")
BORN_LATER = _("Дата народження пізніша за дату рецепта.")
BAD_TERM = _("Рецепт діє не довше 30 днів від дати рецепта.")
NO_MEDICINE = _("Вкажіть хоча б один лікарський засіб.")
IN_UKRAINIAN = _("Напишіть українською, як приймати: скільки, коли, скільки днів.")


@dataclass(frozen=True, slots=True)
class Medicine:
    """A line of the blank."""

    name: str
    dose: str
    quantity: str
    use: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank as it is printed."""

    institution: str
    edrpou: str
    address: str
    series: str
    number: str
    patient: str
    born_on: date
    doctor: str
    issued_on: date
    valid_to: date
    medicines: Sequence[Medicine]


def read(values: Mapping[str, str], today: date) -> tuple[Blank | None, dict[str, str]]:
    """The blank, or the faults by field."""
    reading = Reading(values)
    texts = {name: _text(reading, name) for name in ("institution", "patient", "doctor")}
    more = {
        name: reading.text(name, too_long=TOO_LONG, longest=SHORT) or "" for name in ("address", "series", "number")
    }
    edrpou = _text(reading, "edrpou")
    if edrpou and not _EDRPOU.fullmatch(edrpou):
        reading.fault("edrpou", BAD_EDRPOU)
    days = [reading.day(name, wrong=BAD_DAY, missing=REQUIRED) for name in ("born_on", "issued_on", "valid_to")]
    _must_follow(reading, days, today)
    lines = [line for number in range(1, LINES + 1) if (line := _medicine(reading, number)) is not None]
    if not lines:
        reading.fault("name_1", NO_MEDICINE)
    born_on, issued_on, valid_to = days
    if reading.faults or born_on is None or issued_on is None or valid_to is None:
        return None, reading.faults
    return (
        Blank(**texts, **more, edrpou=edrpou, born_on=born_on, issued_on=issued_on, valid_to=valid_to, medicines=lines),
        {},
    )


def _text(reading: Reading, name: str) -> str:
    return reading.text(name, too_long=TOO_LONG, missing=REQUIRED, longest=SHORT) or ""


def _must_follow(reading: Reading, days: Sequence[date | None], today: date) -> None:
    """PP-3: born, then the prescription, then its last day."""
    born_on, issued_on, valid_to = days
    if issued_on is None:
        return
    if issued_on > today:
        reading.fault("issued_on", FUTURE)
    if born_on is not None and born_on > issued_on:
        reading.fault("born_on", BORN_LATER)
    if valid_to is not None and not issued_on <= valid_to <= issued_on + LONGEST_TERM:
        reading.fault("valid_to", BAD_TERM)


def _medicine(reading: Reading, number: int) -> Medicine | None:
    """A line; one with nothing typed in it is not there."""
    names = [f"{name}_{number}" for name in ("name", "dose", "quantity", "use")]
    if not any(reading.typed(name) for name in names):
        return None
    name, dose, quantity = (_text(reading, each) for each in names[:3])
    use = reading.text(names[3], too_long=TOO_LONG, missing=IN_UKRAINIAN, longest=LONG) or ""
    if use and (len(use) < 5 or not _UKRAINIAN.search(use) or use.lower().strip(" .") in _EMPTY_WORDS):
        reading.fault(names[3], IN_UKRAINIAN)
    return Medicine(name, dose, quantity, use)


def printed(blank: Blank) -> bytes:
    """The blank as PDF/UA."""
    content: dict[str, Text] = {
        name: getattr(blank, name)
        for name in ("institution", "edrpou", "address", "series", "number", "patient", "doctor")
    }
    content |= {name: f"{getattr(blank, name):%d.%m.%Y}" for name in ("born_on", "issued_on", "valid_to")}
    lines: list[Text] = [
        {"name": each.name, "dose": each.dose, "quantity": each.quantity, "use": each.use} for each in blank.medicines
    ]
    return typeset(TEMPLATE, content | {"medicines": lines})
