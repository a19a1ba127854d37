"""An encounter as it is recorded, and its rules, so that a doctor learns of faults before signing."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import KYIV, kyiv_moments
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_years
from esoz.mis.base.patient import Patient

from .measured import Values
from .vitals import is_usual

BEFORE_BIRTH = _("Захворювання не могло початися до народження пацієнта. Перевірте дату.")
NOT_OF_PATIENT = _("Діагноз {code} незвичний для статі або віку пацієнта.")
UNUSUAL = _("{label}: {value} {unit} – незвичне значення.")
KIND = "encounter_package"
PHC, AMB = "PHC", "AMB"
CLASSES = "eHealth/encounter_classes"
TYPES = "eHealth/encounter_types"
REASONS = "eHealth/ICPC2/reasons"
ACTIONS = "eHealth/ICPC2/actions"
ROLES = "eHealth/diagnosis_roles"
CLINICAL = "eHealth/condition_clinical_statuses"
VERIFICATION = "eHealth/condition_verification_statuses"
ALLERGY_CODES = "eHealth/allergy_intolerance_codes"
ANY_ALLERGY = "default_allergy_intolerance"  # the one published code: what it is stands in words
ALLERGY_KINDS = "eHealth/allergy_intolerance_types"
ALLERGY_CATEGORIES = "eHealth/allergy_intolerance_categories"
CRITICALITIES = "eHealth/allergy_intolerance_criticalities"
ALLERGY_VERIFICATION = "eHealth/allergy_intolerance_verification_statuses"
PRIMARY = "primary"
# EN-8: primary care codes its main diagnosis by ICPC-2, everyone else by НК 025 (ICD-10-AM).
DIAGNOSES = {PHC: "eHealth/ICPC2/condition_codes", AMB: "eHealth/ICD10_AM/condition_codes"}
# A hospital's discharge and a service without a diagnosis have packages of another form.
OTHER_TYPES = frozenset({"discharge", "intervention"})
WITHDRAWN = "entered_in_error"
REFUTED = "refuted"

LONGEST_TEXT = 5000
# An end earlier by the clock than the start is of the next day when the visit was no longer than this; else a slip.
LONGEST_NIGHT = timedelta(hours=12)
RECORDING_TERM = timedelta(days=7)  # EN-5: an encounter is recorded within a week


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One row of diagnoses."""

    code: str
    role: str
    clinical: str
    verification: str
    onset: date


@dataclass(frozen=True, slots=True)
class Allergy:
    """What the patient does not tolerate, as it was told or seen at the encounter."""

    words: str
    kind: str
    category: str
    criticality: str
    verification: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """An encounter of which everything was told, and nothing wrong."""

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
    vitals: Values
    allergies: tuple[Allergy, ...] = ()


class Event(StrEnum):
    DOUBTS_CONFIRMED = "visit.doubts_confirmed"
    CARD_READ = "visit.card_read"


class CodeLimit(msgspec.Struct, frozen=True):
    """Whom codes from `first` to `last` are for: a sex, full years from `least` to `most`; empty: everybody."""

    system: str
    first: str
    last: str
    sex: str = ""
    least: int | None = None
    most: int | None = None

    def covers(self, code: str) -> bool:
        return self.first <= code[: len(self.first)] <= self.last

    def fits(self, sex: str, age: int) -> bool:
        return (
            (not self.sex or not sex or sex == self.sex)
            and (self.least is None or age >= self.least)
            and (self.most is None or age <= self.most)
        )


_SYSTEMS = {PHC: "icpc2", AMB: "icd10"}
# Statuses of a condition that is there now; one that was refuted is not.
ACTIVE = frozenset({"active", "recurrence"})


@cache
def code_limits() -> tuple[CodeLimit, ...]:
    """Codes of ICPC-2 and ICD-10-AM that are of one sex or age. Not exhaustive: it asks and never refuses."""
    text = files("esoz.mis.care.visits.model").joinpath("code_limits.csv").read_text("utf-8")
    rows = ({name: value for name, value in row.items() if value} for row in csv.DictReader(text.splitlines()))
    return tuple(msgspec.convert(row, CodeLimit, strict=False) for row in rows)


def fits_patient(klass: str, code: str, sex: str, age: int) -> bool:
    """Whether a diagnosis is one of such people."""
    own = (each for each in code_limits() if each.system == _SYSTEMS[klass] and each.covers(code))
    return all(each.fits(sex, age) for each in own)


def ends(begun: datetime, day: date, at: time) -> list[datetime]:
    """When a visit may have ended by the clock: the same day, or the next one when it went over midnight."""
    same = [moment for moment in kyiv_moments(day, at) if moment >= begun]
    return same or [moment for moment in kyiv_moments(day + timedelta(days=1), at) if moment - begun <= LONGEST_NIGHT]


def may_be_recorded(end: datetime, now: datetime) -> bool:
    """EN-5: fewer than seven days have gone since the end."""
    return now - end < RECORDING_TERM


def services_of(groups: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """All services of the catalogue's groups, at any depth, in the order of groups."""
    for group in groups:
        yield from services_of(group.get("groups", ()))
        yield from group.get("services", ())


def service_date(visit: Visit) -> date:
    """The day that the payment follows."""
    return visit.end.astimezone(KYIV).date()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something possible and unlikely: the field, what stands in it, and the words."""

    field: str
    value: str
    text: str
    facts: Mapping[str, str]


def impossible(visit: Visit, patient: Patient) -> dict[str, str]:
    """What cannot be of this very patient, by field."""
    early = [number for number, each in enumerate(visit.diagnoses, 1) if each.onset < patient.birth_date]
    return {f"onset_{number}": BEFORE_BIRTH for number in early}


def doubts(visit: Visit, patient: Patient, values: Mapping[str, str]) -> list[Doubt]:
    """What is to be looked at once more: codes of another sex or age, rare measurements; what was confirmed is not."""
    age = full_years(patient.birth_date, service_date(visit))
    found = [
        Doubt(f"diagnosis_{number}", each.code, NOT_OF_PATIENT, {"code": each.code})
        for number, each in enumerate(visit.diagnoses, 1)
        if not fits_patient(visit.klass, each.code, patient.gender, age)
    ]
    found += [
        Doubt(vital.field, str(value), UNUSUAL, {"label": vital.label, "value": str(value), "unit": vital.suffix})
        for vital, value in visit.vitals
        if not is_usual(vital, value, age)
    ]
    return [each for each in found if values.get(f"sure_{each.field}") != each.value]
