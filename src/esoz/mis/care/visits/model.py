"""An encounter as it is recorded, and its rules, so that a doctor learns of faults before signing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
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
RECORDING_TERM = timedelta(days=7)  # EN-5: an encounter is recorded within a week


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
    vitals: tuple[tuple[Vital, Decimal], ...]
    allergies: tuple[Allergy, ...] = ()


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
