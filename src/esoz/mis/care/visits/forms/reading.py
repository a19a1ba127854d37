"""The form of an encounter, read in one pass into a visit or into faults in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from esoz.kernel.clock import KYIV, is_ahead, kyiv_moments
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading

from ..model import (
    ACTIONS,
    ACTIVE,
    CLINICAL,
    DIAGNOSES,
    LONGEST_LINE,
    LONGEST_TEXT,
    OBSERVATIONS,
    PHC,
    PRIMARY,
    REASONS,
    REFUTED,
    ROLES,
    TYPES,
    VERIFICATION,
    WITHDRAWN,
    Allergy,
    Diagnosis,
    Values,
    Visit,
    ends,
    may_be_recorded,
    read_line,
)
from .fields import (
    ACTION_ROWS,
    ALLERGY_LISTS,
    ALLERGY_ROWS,
    HOURS,
    LONGEST_ALLERGY,
    REASON_ROWS,
    USUAL_ALLERGY,
    klass_of,
    rows_of,
)

NO_CODE = _("Оберіть код зі списку.")
NO_TYPE = _("Оберіть вид прийому.")
NO_DAY = _("Введіть дату прийому.")
NO_TIME = _("Введіть час, наприклад 9:30.")
FUTURE = _("Цей час ще не настав.")
TOO_OLD = _("Прийом записують не пізніше семи днів.")
END_FIRST = _("Кінець прийому раніше за початок.")
NO_SUCH_TIME = _("Такого часу не було: тієї ночі годинник перевели на годину вперед. Введіть інший.")
TWICE = _("Цей час був двічі: тієї ночі годинник перевели назад. Вкажіть, який із них, і збережіть ще раз.")
NO_REASON = _("Оберіть щонайменше одну причину звернення.")
NO_DIAGNOSIS = _("Оберіть основний діагноз.")
NO_ACTION = _("Оберіть щонайменше одну дію.")
NO_SERVICE = _("Оберіть щонайменше одну послугу.")
NO_STATUS = _("Оберіть значення.")
NOT_READ = _("Не все у вимірах зрозуміло. Виправте те, що показано під рядком.")
TOLD_TWICE = _("Один показник названо двічі. Лишіть одне значення.")
NOT_TAKEN = _("ЕСОЗ не приймає одного з цих показників. Запишіть його в рекомендаціях.")
LONG_LINE = _("Рядок вимірів задовгий: щонайбільше 500 знаків.")
LONG_ALLERGY = _("Назвіть коротше: щонайбільше 200 знаків.")
PRESSURE = _("Діастолічний тиск (нижній) має бути меншим за систолічний (верхній).")
NOT_ACTIVE = _("Спростований діагноз не буває активним. Оберіть інший клінічний стан або іншу достовірність.")
PAIR = _("Введіть обидва числа артеріального тиску, наприклад АТ 130/80.")
TOO_LONG = _("Текст задовгий: щонайбільше 5000 знаків.")


class Codes(Protocol):
    """What the rules ask of dictionaries."""

    def has(self, name: str, code: str) -> bool: ...


def read(values: Mapping[str, str], codes: Codes, now: datetime) -> tuple[Visit | None, dict[str, str]]:
    """The visit that was typed, or None and what is wrong by field, in the order of the form."""
    form, klass = Reading(values), klass_of(values)
    type_ = _code(form, codes, "type", TYPES, wrong=NO_TYPE, missing=NO_TYPE)
    period = _period(form, now)
    complaints = form.text("complaints", too_long=TOO_LONG, longest=LONGEST_TEXT) or ""
    reasons = _reasons(form, codes, klass)
    vitals = _vitals(form, codes)
    diagnoses = _diagnoses(form, codes, DIAGNOSES[klass], now.astimezone(KYIV).date())
    actions = _actions(form, codes) if klass == PHC else ()
    services = () if klass == PHC else _services(form)
    prescriptions = form.text("prescriptions", too_long=TOO_LONG, longest=LONGEST_TEXT) or ""
    allergies = _allergies(form, codes, now.astimezone(KYIV).date())
    if form.faults or type_ is None or period is None:
        return None, form.faults
    begun, ended = period
    visit = Visit(
        klass,
        type_,
        begun,
        ended,
        complaints=complaints,
        reasons=reasons,
        diagnoses=diagnoses,
        actions=actions,
        services=services,
        prescriptions=prescriptions,
        vitals=vitals,
        allergies=allergies,
    )
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
    begun = _moment(form, "start", kyiv_moments(day, start), now)
    if begun is None:
        return None
    possible = ends(begun, day, end)
    if not possible and kyiv_moments(day if end >= start else day + timedelta(days=1), end):
        form.fault("end", END_FIRST)
        return None
    ended = _moment(form, "end", possible, now)
    if ended is None:
        return None
    if is_ahead(ended, now):
        form.fault("end", FUTURE)
    elif not may_be_recorded(ended, now):
        form.fault("day", TOO_OLD)
    return begun, ended


def _moment(form: Reading, name: str, possible: Sequence[datetime], now: datetime) -> datetime | None:
    """The moment that was meant; in the hour that is repeated it is said which of the two."""
    if not possible:
        form.fault(name, NO_SUCH_TIME)
        return None
    past = [moment for moment in possible if not is_ahead(moment, now)] or possible
    if len(past) == 1:
        return past[0]
    asked = form.typed(f"{name}_hour")
    if asked not in HOURS:
        form.fault(name, TWICE)
        return None
    return past[HOURS.index(asked)]


def repeated(values: Mapping[str, str]) -> list[str]:
    """The fields whose time of the day was twice in the night when clocks are put back."""
    form = Reading(values)
    day = form.day("day", wrong=NO_DAY)
    times = {name: form.clock(name, wrong=NO_TIME) for name in ("start", "end")}
    if day is None:
        return []
    days = {"start": (day,), "end": (day, day + timedelta(days=1))}
    return [name for name, at in times.items() if at and any(len(kyiv_moments(each, at)) > 1 for each in days[name])]


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


def _vitals(form: Reading, codes: Codes) -> Values:
    """What the line of measurements says; all of it has to be understood, possible, and known to central."""
    text = form.text("measured", too_long=LONG_LINE, longest=LONGEST_LINE)
    line = read_line(text or "")
    if line.lone:
        form.fault("measured", PAIR)
    if line.twice:
        form.fault("measured", TOLD_TWICE)
    if line.unread:
        form.fault("measured", NOT_READ)
    for vital, number in line.values:
        if not vital.least <= number <= vital.most:
            form.fault("measured", vital.outside)
        elif not codes.has(OBSERVATIONS, vital.code):
            form.fault("measured", NOT_TAKEN)
    pressure = {vital.field: number for vital, number in line.values}
    if pressure.get("diastolic", 0) >= pressure.get("systolic", 1):
        form.fault("measured", PRESSURE)
    return line.values


def _allergies(form: Reading, codes: Codes, today: date) -> tuple[Allergy, ...]:
    """Rows where something was named; what is not told of it is what is usual."""
    return tuple(
        each
        for number in range(1, ALLERGY_ROWS + 1)
        if form.typed(f"allergy_{number}") and (each := _allergy(form, codes, number, today)) is not None
    )


def _allergy(form: Reading, codes: Codes, number: int, today: date) -> Allergy | None:
    words = form.text(f"allergy_{number}", too_long=LONG_ALLERGY, longest=LONGEST_ALLERGY)
    chosen = {
        name: _code(form, codes, f"{name}_{number}", system, wrong=NO_STATUS) or USUAL_ALLERGY[name]
        for name, system in ALLERGY_LISTS.items()
    }
    if chosen["allergy_verification"] == WITHDRAWN:
        form.fault(f"allergy_verification_{number}", NO_STATUS)
    since = form.day(f"allergy_since_{number}", wrong=NO_DAY)
    if since is not None and since > today:
        form.fault(f"allergy_since_{number}", FUTURE)
    if words is None:
        return None
    return Allergy(
        words,
        kind=chosen["allergy_kind"],
        category=chosen["allergy_category"],
        criticality=chosen["allergy_criticality"],
        verification=chosen["allergy_verification"],
        since=since,
    )


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
    if verification == REFUTED and clinical in ACTIVE:
        form.fault(f"clinical_{number}", NOT_ACTIVE)
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
