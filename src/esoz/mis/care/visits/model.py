"""The form of an encounter and its rules, so that a doctor learns of faults before signing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from uuid import UUID

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _

KIND = "encounter_package"
PHC, AMB = "PHC", "AMB"
CLASSES = "eHealth/encounter_classes"
TYPES = "eHealth/encounter_types"
REASONS = "eHealth/ICPC2/reasons"
ACTIONS = "eHealth/ICPC2/actions"
ROLES = "eHealth/diagnosis_roles"
CLINICAL = "eHealth/condition_clinical_statuses"
VERIFICATION = "eHealth/condition_verification_statuses"
PRIMARY = "primary"
# EN-8: primary care codes its main diagnosis by ICPC-2, everyone else by НК 025 (ICD-10-AM).
DIAGNOSES = {PHC: "eHealth/ICPC2/condition_codes", AMB: "eHealth/ICD10_AM/condition_codes"}
# A hospital's discharge and a service without a diagnosis have packages of another form.
OTHER_TYPES = frozenset({"discharge", "intervention"})
WITHDRAWN = "entered_in_error"

REASON_ROWS = ACTION_ROWS = 3
LEAST_ROWS, MOST_ROWS = 1, 8
LONGEST_TEXT = 5000
RECORDING_TERM = timedelta(days=7)  # EN-5: an encounter is recorded within a week

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
OUT_OF_RANGE = _("Перевірте значення: воно поза можливими межами.")
PAIR = _("Введіть обидва числа артеріального тиску.")
TOO_LONG = _("Текст задовгий: щонайбільше 5000 знаків.")

_TIME = re.compile(r"^([01]?\d|2[0-3])[:.]([0-5]\d)$")


@dataclass(frozen=True, slots=True)
class Vital:
    """One measurement of the form: its LOINC code, unit and possible values."""

    field: str
    code: str
    unit: str
    label: str
    suffix: str
    least: Decimal
    most: Decimal


VITALS = (
    Vital("temperature", "8310-5", "Cel", _("Температура"), "°C", Decimal(30), Decimal(45)),
    Vital("systolic", "8480-6", "mm[Hg]", _("Тиск систолічний"), _("мм рт. ст."), Decimal(40), Decimal(300)),
    Vital("diastolic", "8462-4", "mm[Hg]", _("Тиск діастолічний"), _("мм рт. ст."), Decimal(20), Decimal(200)),
    Vital("pulse", "8867-4", "{Beats}/min", _("Пульс"), _("уд./хв"), Decimal(20), Decimal(300)),
    Vital("height", "8302-2", "cm", _("Зріст"), _("см"), Decimal(20), Decimal(260)),
    Vital("weight", "29463-7", "kg", _("Вага"), _("кг"), Decimal("0.3"), Decimal(400)),
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One row of diagnoses."""

    code: str
    role: str
    clinical: str
    verification: str
    onset: date


@dataclass(frozen=True, slots=True)
class Visit:
    """A form without faults."""

    klass: str
    type: str
    start: datetime
    end: datetime
    complaints: str
    reasons: tuple[str, ...]
    diagnoses: tuple[Diagnosis, ...]
    actions: tuple[str, ...]
    services: tuple[UUID, ...]
    prescriptions: str
    vitals: tuple[tuple[Vital, Decimal], ...]


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


def errors(values: Mapping[str, str], codes: Codes, now: datetime) -> dict[str, str]:
    """Field → what is wrong, in the order of the form."""
    found: dict[str, str] = {}
    if not codes.has(TYPES, values.get("type", "")):
        found["type"] = NO_TYPE
    found |= _time_errors(values, now)
    found |= _length_errors(values, "complaints")
    found |= _reason_errors(values, codes)
    found |= _vital_errors(values)
    found |= _diagnosis_errors(values, codes, now)
    found |= _action_errors(values, codes)
    return found | _length_errors(values, "prescriptions")


def _length_errors(values: Mapping[str, str], field: str) -> dict[str, str]:
    return {field: TOO_LONG} if len(values.get(field, "")) > LONGEST_TEXT else {}


def _time_errors(values: Mapping[str, str], now: datetime) -> dict[str, str]:
    # EN-5: not in the future, fewer than seven days old.
    day = _day(values.get("day", ""))
    found = {} if day else {"day": NO_DAY}
    start, end = _moment(day, values.get("start", "")), _moment(day, values.get("end", ""))
    if day and not start:
        found["start"] = NO_TIME
    if day and not end:
        found["end"] = NO_TIME
    if start and end:
        if end < start:
            found["end"] = END_FIRST
        elif end > now:
            found["end"] = FUTURE
        elif now - end >= RECORDING_TERM:
            found["day"] = TOO_OLD
    return found


def _reason_errors(values: Mapping[str, str], codes: Codes) -> dict[str, str]:
    found = _wrong_codes(values, codes, "reason", REASONS, REASON_ROWS)
    # EN-4: primary care names its reasons. Complaints are the words of a reason, so they need one.
    if (klass_of(values) == PHC or values.get("complaints")) and not _chosen(values, "reason", REASON_ROWS):
        found.setdefault("reason_1", NO_REASON)
    return found


def _action_errors(values: Mapping[str, str], codes: Codes) -> dict[str, str]:
    # EN-4: primary care names its actions, outpatient care the services.
    if klass_of(values) == PHC:
        found, name, text = _wrong_codes(values, codes, "action", ACTIONS, ACTION_ROWS), "action", NO_ACTION
    else:
        found = {field: NO_CODE for field in _service_fields(values) if not _is_id(values[field])}
        name, text = "service", NO_SERVICE
    if not _chosen(values, name, ACTION_ROWS):
        found.setdefault(f"{name}_1", text)
    return found


def _wrong_codes(values: Mapping[str, str], codes: Codes, name: str, system: str, rows: int) -> dict[str, str]:
    """Rows where something is typed that is no code."""
    fields = [f"{name}_{number}" for number in range(1, rows + 1)]
    return {
        field: NO_CODE for field in fields if _typed(values, field) and not codes.has(system, values.get(field, ""))
    }


def _service_fields(values: Mapping[str, str]) -> list[str]:
    names = [f"service_{number}" for number in range(1, ACTION_ROWS + 1)]
    return [name for name in names if values.get(name)]


def _diagnosis_errors(values: Mapping[str, str], codes: Codes, now: datetime) -> dict[str, str]:
    # EN-6, EN-7: one primary diagnosis, it stands in the first row.
    found: dict[str, str] = {}
    system = DIAGNOSES[klass_of(values)]
    for number in range(1, rows_of(values) + 1):
        field = f"diagnosis_{number}"
        if not _typed(values, field):
            if number == 1:
                found[field] = NO_DIAGNOSIS
            continue
        if not codes.has(system, values.get(field, "")):
            found[field] = NO_CODE
        found |= {name: NO_STATUS for name in _wrong_statuses(values, codes, number)}
        onset = _day(values.get(f"onset_{number}", ""))
        if onset is None:
            found[f"onset_{number}"] = NO_DAY
        elif onset > now.astimezone(KYIV).date():
            found[f"onset_{number}"] = FUTURE
    return found


def _wrong_statuses(values: Mapping[str, str], codes: Codes, number: int) -> list[str]:
    """Fields of a row whose status cannot be: the first row alone is the main diagnosis."""
    asked = {"clinical": CLINICAL, "verification": VERIFICATION} | ({"role": ROLES} if number > 1 else {})
    chosen = {name: values.get(f"{name}_{number}", "") for name in asked}
    wrong = [name for name, code in chosen.items() if not codes.has(asked[name], code) or code in {PRIMARY, WITHDRAWN}]
    return [f"{name}_{number}" for name in wrong]


def _vital_errors(values: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for vital in VITALS:
        text = values.get(vital.field, "")
        if not text:
            continue
        number = _number(text)
        if number is None:
            found[vital.field] = NOT_NUMBER
        elif not vital.least <= number <= vital.most:
            found[vital.field] = OUT_OF_RANGE
    pair = [name for name in ("systolic", "diastolic") if not values.get(name)]
    if len(pair) == 1:
        found[pair[0]] = PAIR
    return found


def read(values: Mapping[str, str]) -> Visit:
    """The visit of a form without faults."""
    phc, day = klass_of(values) == PHC, date.fromisoformat(values["day"])
    start, end = _moment(day, values["start"]), _moment(day, values["end"])
    assert start is not None and end is not None
    rows = [number for number in range(1, rows_of(values) + 1) if values.get(f"diagnosis_{number}")]
    return Visit(
        klass=klass_of(values),
        type=values["type"],
        start=start,
        end=end,
        complaints=values.get("complaints", ""),
        reasons=_chosen(values, "reason", REASON_ROWS),
        diagnoses=tuple(_diagnosis(values, number) for number in rows),
        actions=_chosen(values, "action", ACTION_ROWS) if phc else (),
        services=() if phc else tuple(UUID(values[name]) for name in _service_fields(values)),
        prescriptions=values.get("prescriptions", ""),
        vitals=tuple(_measured(values)),
    )


def _measured(values: Mapping[str, str]) -> Iterator[tuple[Vital, Decimal]]:
    for vital in VITALS:
        number = _number(values.get(vital.field, ""))
        if number is not None:
            yield vital, number


def _diagnosis(values: Mapping[str, str], number: int) -> Diagnosis:
    return Diagnosis(
        values[f"diagnosis_{number}"],
        PRIMARY if number == 1 else values[f"role_{number}"],
        values[f"clinical_{number}"],
        values[f"verification_{number}"],
        date.fromisoformat(values[f"onset_{number}"]),
    )


def _chosen(values: Mapping[str, str], name: str, rows: int) -> tuple[str, ...]:
    """Chosen codes without gaps and repeats."""
    found = [values.get(f"{name}_{number}", "") for number in range(1, rows + 1)]
    return tuple(dict.fromkeys(code for code in found if code))


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


def _typed(values: Mapping[str, str], field: str) -> bool:
    return bool(values.get(field) or values.get(f"{field}_text"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(day: date | None, text: str) -> datetime | None:
    found = _TIME.match(text)
    if day is None or found is None:
        return None
    return datetime.combine(day, time(int(found[1]), int(found[2])), KYIV).astimezone(UTC)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def with_row(values: Mapping[str, str]) -> dict[str, str]:
    """The form with one more row of diagnoses, filled in as is usual."""
    number = min(rows_of(values) + 1, MOST_ROWS)
    usual = {"role": "comorbidity", "clinical": "active", "verification": "provisional", "onset": values.get("day", "")}
    return {**{f"{name}_{number}": value for name, value in usual.items()}, **values, "rows": str(number)}


def services_of(groups: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """All services of the catalogue's groups, at any depth, in the order of groups."""
    for group in groups:
        yield from services_of(group.get("groups", ()))
        yield from group.get("services", ())


def service_date(visit: Visit) -> date:
    """The day that the payment follows."""
    return visit.end.astimezone(KYIV).date()


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
