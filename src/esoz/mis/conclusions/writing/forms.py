"""Reading the form of a conclusion by the rules of its kind, and why one is taken back."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import Reading
from esoz.mis.base.patient import Patient
from esoz.spec.compositions import Days, Settings, Wrong, wrong_days, wrong_patient

from .model.conclusions import (
    APPENDS,
    LONGEST_LETTER,
    LONGEST_WORDS,
    REPLACES,
    Earlier,
    Kind,
    Statement,
    admissible,
    before,
)

NO_KIND = _("Оберіть, який висновок Ви складаєте.")
NO_ENCOUNTER = _("Оберіть прийом, під час якого Ви дійшли висновку.")
OLD_ENCOUNTER = _("Прийом був більш ніж %(days)s дн. тому. Оберіть новіший або запишіть новий прийом.")
NO_FIRST = _("Вкажіть перший день.")
NO_LAST = _("Вкажіть останній день.")
WRONG_DAY = _("Вкажіть день, наприклад 22.11.2026.")
NO_DIAGNOSES = _("У цьому прийомі немає діагнозу, а висновок без нього не складають. Оберіть інший прийом.")
NO_OBSERVATIONS = _("У цьому прийомі немає вимірювань дитини. Запишіть їх у прийомі й поверніться.")
TOO_LONG = _("Текст задовгий: до 4000 знаків.")
NO_RELATION = _("Оберіть висновок зі списку.")
ANOTHER_KIND = _("Продовжити чи замінити можна лише висновок того самого виду.")
OVERLAP = _("У ці дні вже діє висновок %(number)s. Замініть або продовжте його.")
NOT_DRIVING = _("Умови допуску вказують лише у висновку для водіїв.")
NO_REASON = _("Оберіть причину.")
NO_LETTER = _("Поясніть, що сталося.")
LONG_LETTER = _("Пояснення задовге: до 1000 знаків.")
NOT_FOR_GENDER = _("Такий висновок не складають для пацієнта цієї статі.")
NOT_FOR_AGE = _("Такий висновок не складають для пацієнта цього віку.")

# What a setting refuses: the field, and the words with the numbers of the setting.
WRONG_DAYS: Mapping[Wrong, tuple[str, str]] = {
    Wrong.ORDER: ("last", _("Останній день раніше за перший.")),
    Wrong.LENGTH: ("last", _("Строк має бути від %(min)s до %(max)s дн.")),
    Wrong.EARLY: ("first", _("Почати можна не раніше ніж %(back)s дн. тому.")),
    Wrong.LATE: ("first", _("Почати можна не пізніше ніж через %(ahead)s дн.")),
    Wrong.GAP: ("first", _("Продовження починають наступного дня після попереднього висновку.")),
    Wrong.TOTAL: ("last", _("Разом із попередніми висновками вийде понад %(total)s дн.")),
}

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that a conclusion may be written from. `observations` are asked for only where a kind needs them."""

    id: str
    day: date
    diagnoses: Sequence[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class Around:
    """What the form is read against."""

    kinds: Mapping[str, Kind]
    visits: Mapping[str, Visit]
    earlier: Sequence[Earlier]
    patient: Patient
    years: int
    today: date
    observations: Sequence[UUID] = ()  # of the chosen visit, where its kind stands on them


def read(values: Mapping[str, str], around: Around, told: Translate) -> tuple[Statement | None, dict[str, str]]:
    """What is stated, or the faults by field."""
    reading = Reading(values)
    kind, visit = around.kinds.get(reading.typed("kind")), around.visits.get(reading.typed("encounter"))
    if kind is None:
        reading.fault("kind", NO_KIND)
    if visit is None:
        reading.fault("encounter", NO_ENCOUNTER)
    words = reading.text("words", too_long=TOO_LONG, longest=LONGEST_WORDS) or ""
    relation = _relation(reading, around, kind)
    admissions = tuple(each for each in reading.typed("admissions").split(",") if each)
    if kind is None or visit is None:
        return None, reading.faults
    if not admissible(kind).issuperset(admissions):
        reading.fault("admissions", NOT_DRIVING)
    _check_patient(reading, kind.settings, around)
    needs = frozenset(kind.settings.required_entries.check or ())
    _check_visit(reading, kind.settings, visit, around, told)
    days = _days(reading, kind, relation, around, told) if kind.settings.validity_period else None
    if reading.faults:
        return None, reading.faults
    made = tuple(around.observations) if "observation" in needs else ()
    return Statement(kind, UUID(visit.id), visit.diagnoses, made, days, relation, words, admissions, needs), {}


def _relation(reading: Reading, around: Around, kind: Kind | None) -> tuple[str, str] | None:
    typed = reading.typed("relation")
    if not typed:
        return None
    type, _colon, id = typed.partition(":")
    found = next((each for each in around.earlier if each.id == id), None)
    if found is None or type not in (REPLACES, APPENDS):
        reading.fault("relation", NO_RELATION)
    elif kind is not None and found.key != kind.key:
        reading.fault("relation", ANOTHER_KIND)
    return type, id


def _check_patient(reading: Reading, settings: Settings, around: Around) -> None:
    # CM-5
    for each in wrong_patient(settings, around.patient.gender, around.years):
        reading.fault("kind", NOT_FOR_GENDER if each is Wrong.GENDER else NOT_FOR_AGE)


def _check_visit(reading: Reading, settings: Settings, visit: Visit, around: Around, told: Translate) -> None:
    # CM-4, CM-6
    most, needs = settings.encounter_age_days.check, settings.required_entries.check or ()
    if most is not None and (around.today - visit.day).days > most:
        reading.fault("encounter", told(OLD_ENCOUNTER) % {"days": most})
    if "condition" in needs and not visit.diagnoses:
        reading.fault("encounter", NO_DIAGNOSES)
    if "observation" in needs and not around.observations:
        reading.fault("encounter", NO_OBSERVATIONS)


def _days(
    reading: Reading, kind: Kind, relation: tuple[str, str] | None, around: Around, told: Translate
) -> Days | None:
    # CM-7 … CM-9
    first = reading.day("first", wrong=WRONG_DAY, missing=NO_FIRST)
    last = reading.day("last", wrong=WRONG_DAY, missing=NO_LAST)
    if first is None or last is None:
        return None
    days = Days(first, last)
    for each in wrong_days(kind.settings, days, around.today, before(relation, around.earlier)):
        field, words = WRONG_DAYS[each]
        reading.fault(field, told(words) % _numbers(kind.settings))
    replaced = relation[1] if relation and relation[0] == REPLACES else ""
    if kind.settings.periods_overlap.check is False:
        for one in around.earlier:
            if one.id != replaced and one.key.split("/")[0] == kind.type and one.days and one.days.meets(days):
                reading.fault("first", told(OVERLAP) % {"number": one.title})
    return days


def _numbers(settings: Settings) -> Mapping[str, object]:
    limits, continuation = settings.validity_period, settings.continuation
    assert limits is not None  # days are asked for only where there are limits
    return {
        "min": limits.min_days,
        "max": limits.max_days,
        "back": limits.back_days,
        "ahead": limits.ahead_days,
        "total": continuation.total_days if continuation else "",
    }


def read_marking(values: Mapping[str, str], reasons: Collection[str]) -> dict[str, str]:
    """The faults of the form that takes a conclusion back."""
    reading = Reading(values)
    if reading.typed("reason") not in reasons:
        reading.fault("reason", NO_REASON)
    reading.text("letter", too_long=LONG_LETTER, missing=NO_LETTER, longest=LONGEST_LETTER)
    return reading.faults
