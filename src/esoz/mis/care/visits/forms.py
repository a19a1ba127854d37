"""The form of an encounter: its fields and rows, read in one pass into a visit or into faults in words."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from .model import (
    ACTIONS,
    CLINICAL,
    DIAGNOSES,
    LONGEST_TEXT,
    PHC,
    PRIMARY,
    REASONS,
    ROLES,
    TYPES,
    VERIFICATION,
    VITALS,
    WITHDRAWN,
    Diagnosis,
    Visit,
    Vital,
    may_be_recorded,
)

REASON_ROWS = ACTION_ROWS = 3
LEAST_ROWS, MOST_ROWS = 1, 8

NO_CODE = _("Оберіть код зі списку.")
NO_TYPE = _("Оберіть вид прийому.")
NO_DAY = _("Введіть дату прийому.")
NO_TIME = _("Введіть час, наприклад 9:30.")
FUTURE = _("Цей час ще не настав.")
TOO_OLD = _("Прийом записують не пізніше семи днів.")
END_FIRST = _("Кінець прийому раніше за початок.")
NO_REASON = _("Оберіть щонайменше одну причину звернення.")
NO_DIAGNOSIS = _("Оберіть основний діагноз.")
NO_ACTION = _("Оберіть щонайменше одну дію.")
NO_SERVICE = _("Оберіть щонайменше одну послугу.")
NO_STATUS = _("Оберіть значення.")
NOT_NUMBER = _("Введіть число, наприклад 36,6.")
PAIR = _("Введіть обидва числа артеріального тиску.")
TOO_LONG = _("Текст задовгий: щонайбільше 5000 знаків.")


class Codes(Protocol):
    """What the rules ask of dictionaries."""

    def has(self, name: str, code: str) -> bool: ...


def klass_of(values: Mapping[str, str]) -> str:
    """The class of the encounter: primary or outpatient care."""
    return values.get("klass", "") if values.get("klass") in DIAGNOSES else PHC


def rows_of(values: Mapping[str, str]) -> int:
    """How many rows of diagnoses the form shows."""
    asked = values.get("rows", "")
    return min(max(int(asked) if asked.isdecimal() and len(asked) < 3 else LEAST_ROWS, LEAST_ROWS), MOST_ROWS)


def sources(values: Mapping[str, str]) -> dict[str, str]:
    """Picker → the dictionary it searches."""
    diagnoses = DIAGNOSES[klass_of(values)]
    return (
        {f"reason_{number}": REASONS for number in range(1, REASON_ROWS + 1)}
        | {f"diagnosis_{number}": diagnoses for number in range(1, rows_of(values) + 1)}
        | {f"action_{number}": ACTIONS for number in range(1, ACTION_ROWS + 1)}
    )


def fields(values: Mapping[str, str]) -> list[str]:
    """All fields of the form: what is kept of it."""
    pickers = [*sources(values), *(f"service_{number}" for number in range(1, ACTION_ROWS + 1))]
    rows = [
        f"{name}_{number}"
        for number in range(1, rows_of(values) + 1)
        for name in ("role", "clinical", "verification", "onset")
    ]
    single = ["klass", "type", "day", "start", "end", "complaints", "prescriptions", "rows"]
    return [*single, *pickers, *(f"{name}_text" for name in pickers), *rows, *(vital.field for vital in VITALS)]


def read(values: Mapping[str, str], codes: Codes, now: datetime) -> tuple[Visit | None, dict[str, str]]:
    """The visit that was typed, or None and what is wrong by field, in the order of the form."""
    form, klass = Reading(values), klass_of(values)
    type_ = _code(form, codes, "type", TYPES, wrong=NO_TYPE, missing=NO_TYPE)
    period = _period(form, now)
    complaints = form.text("complaints", too_long=TOO_LONG, longest=LONGEST_TEXT) or ""
    reasons = _reasons(form, codes, klass)
    vitals = _vitals(form)
    diagnoses = _diagnoses(form, codes, DIAGNOSES[klass], now.astimezone(KYIV).date())
    actions = _actions(form, codes) if klass == PHC else ()
    services = () if klass == PHC else _services(form)
    prescriptions = form.text("prescriptions", too_long=TOO_LONG, longest=LONGEST_TEXT) or ""
    if form.faults or type_ is None or period is None:
        return None, form.faults
    visit = Visit(klass, type_, *period, complaints, reasons, diagnoses, actions, services, prescriptions, vitals)
    return visit, {}


def _code(form: Reading, codes: Codes, name: str, system: str, *, wrong: str, missing: str = "") -> str | None:
    return form.code(name, lambda code: codes.has(system, code), wrong=wrong, missing=missing)


def _period(form: Reading, now: datetime) -> tuple[datetime, datetime] | None:
    """EN-5: not in the future, fewer than seven days old."""
    day = form.day("day", wrong=NO_DAY, missing=NO_DAY)
    if day is None:
        return None
    start = form.clock("start", wrong=NO_TIME, missing=NO_TIME)
    end = form.clock("end", wrong=NO_TIME, missing=NO_TIME)
    if start is None or end is None:
        return None
    begun, ended = _moment(day, start), _moment(day, end)
    if ended < begun:
        form.fault("end", END_FIRST)
    elif ended > now:
        form.fault("end", FUTURE)
    elif not may_be_recorded(ended, now):
        form.fault("day", TOO_OLD)
    return begun, ended


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, KYIV).astimezone(UTC)


def _rows(form: Reading, codes: Codes, name: str, system: str, rows: int) -> tuple[str, ...]:
    """Chosen codes without gaps and repeats; a row where something is typed that is no code is a fault."""
    names = [f"{name}_{number}" for number in range(1, rows + 1)]
    found = [_code(form, codes, each, system, wrong=NO_CODE) for each in names]
    return tuple(dict.fromkeys(code for code in found if code))


def _is_chosen(form: Reading, name: str, rows: int) -> bool:
    return any(form.typed(f"{name}_{number}") for number in range(1, rows + 1))


def _reasons(form: Reading, codes: Codes, klass: str) -> tuple[str, ...]:
    found = _rows(form, codes, "reason", REASONS, REASON_ROWS)
    # EN-4: primary care names its reasons. Complaints are the words of a reason, so they need one.
    if (klass == PHC or form.typed("complaints")) and not _is_chosen(form, "reason", REASON_ROWS):
        form.fault("reason_1", NO_REASON)
    return found


def _actions(form: Reading, codes: Codes) -> tuple[str, ...]:
    """EN-4: primary care names its actions, outpatient care the services."""
    found = _rows(form, codes, "action", ACTIONS, ACTION_ROWS)
    if not _is_chosen(form, "action", ACTION_ROWS):
        form.fault("action_1", NO_ACTION)
    return found


def _services(form: Reading) -> tuple[UUID, ...]:
    found = [form.id(f"service_{number}", wrong=NO_CODE) for number in range(1, ACTION_ROWS + 1)]
    if not _is_chosen(form, "service", ACTION_ROWS):
        form.fault("service_1", NO_SERVICE)
    return tuple(each for each in found if each is not None)


def _vitals(form: Reading) -> tuple[tuple[Vital, Decimal], ...]:
    found = []
    for vital in VITALS:
        number = form.number(vital.field, wrong=NOT_NUMBER)
        if number is None:
            continue
        if not vital.least <= number <= vital.most:
            form.fault(vital.field, vital.outside)
        found.append((vital, number))
    missing = [name for name in ("systolic", "diastolic") if not form.typed(name)]
    if len(missing) == 1:
        form.fault(missing[0], PAIR)
    return tuple(found)


def _diagnoses(form: Reading, codes: Codes, system: str, today: date) -> tuple[Diagnosis, ...]:
    """EN-6, EN-7: one primary diagnosis, it stands in the first row."""
    if not form.has_choice("diagnosis_1"):
        form.fault("diagnosis_1", NO_DIAGNOSIS)
    rows = [number for number in range(1, rows_of(form.values) + 1) if form.has_choice(f"diagnosis_{number}")]
    found = [_diagnosis(form, codes, system, number, today) for number in rows]
    return tuple(each for each in found if each is not None)


def _diagnosis(form: Reading, codes: Codes, system: str, number: int, today: date) -> Diagnosis | None:
    code = _code(form, codes, f"diagnosis_{number}", system, wrong=NO_CODE)
    clinical = _status(form, codes, f"clinical_{number}", CLINICAL)
    verification = _status(form, codes, f"verification_{number}", VERIFICATION)
    role = PRIMARY if number == 1 else _status(form, codes, f"role_{number}", ROLES)
    onset = form.day(f"onset_{number}", wrong=NO_DAY, missing=NO_DAY)
    if onset is not None and onset > today:
        form.fault(f"onset_{number}", FUTURE)
    if code is None or role is None or clinical is None or verification is None or onset is None:
        return None
    return Diagnosis(code, role, clinical, verification, onset)


def _status(form: Reading, codes: Codes, name: str, system: str) -> str | None:
    """A status of a row: the first row alone is the main diagnosis, and nothing is withdrawn at birth."""
    return form.code(
        name,
        lambda code: codes.has(system, code) and code not in {PRIMARY, WITHDRAWN},
        wrong=NO_STATUS,
        missing=NO_STATUS,
    )


def compact(values: Mapping[str, str]) -> dict[str, str]:
    """The form with empty rows of diagnoses moved to the end, so that rows are numbered as in the package."""
    filled = [number for number in range(1, rows_of(values) + 1) if number == 1 or values.get(f"diagnosis_{number}")]
    parts = ("diagnosis", "role", "clinical", "verification", "onset")
    names = {
        f"{part}_{old}{end}": f"{part}_{new}{end}"
        for new, old in enumerate(filled, 1)
        for part in parts
        for end in ("", "_text")
    }
    others = {name: value for name, value in values.items() if not name.startswith(tuple(f"{part}_" for part in parts))}
    moved = {names[name]: value for name, value in values.items() if name in names}
    return others | moved | {"rows": str(len(filled))}


def with_row(values: Mapping[str, str]) -> dict[str, str]:
    """The form with one more row of diagnoses, filled in as is usual."""
    number = min(rows_of(values) + 1, MOST_ROWS)
    usual = {"role": "comorbidity", "clinical": "active", "verification": "provisional", "onset": values.get("day", "")}
    return {**{f"{name}_{number}": value for name, value in usual.items()}, **values, "rows": str(number)}


def empty(klass: str, now: datetime) -> dict[str, str]:
    """A new form: today, ending now."""
    local = now.astimezone(KYIV)
    begun = max(local - timedelta(minutes=15), local.replace(hour=0, minute=0, second=0, microsecond=0))
    today = local.date().isoformat()
    return {
        "klass": klass,
        "type": "service_delivery_location",
        "day": today,
        "start": f"{begun:%H:%M}",
        "end": f"{local:%H:%M}",
        "rows": "1",
        "clinical_1": "active",
        "verification_1": "provisional",
        "onset_1": today,
    }
