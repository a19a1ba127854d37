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
PRIMARY = "primary"
# EN-8: primary care codes its main diagnosis by ICPC-2, everyone else by НК 025 (ICD-10-AM).
DIAGNOSES = {PHC: "eHealth/ICPC2/condition_codes", AMB: "eHealth/ICD10_AM/condition_codes"}
# A hospital's discharge and a service without a diagnosis have packages of another form.
OTHER_TYPES = frozenset({"discharge", "intervention"})
WITHDRAWN = "entered_in_error"

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
    outside: str  # what is said of a value outside of these


VITALS = (
    Vital(
        "temperature",
        "8310-5",
        "Cel",
        _("Температура"),
        "°C",
        Decimal(30),
        Decimal(45),
        _("Температура: введіть число від 30 до 45 °C."),
    ),
    Vital(
        "systolic",
        "8480-6",
        "mm[Hg]",
        _("Тиск систолічний"),
        _("мм рт. ст."),
        Decimal(40),
        Decimal(300),
        _("Тиск систолічний: введіть число від 40 до 300 мм рт. ст."),
    ),
    Vital(
        "diastolic",
        "8462-4",
        "mm[Hg]",
        _("Тиск діастолічний"),
        _("мм рт. ст."),
        Decimal(20),
        Decimal(200),
        _("Тиск діастолічний: введіть число від 20 до 200 мм рт. ст."),
    ),
    Vital(
        "pulse",
        "8867-4",
        "{Beats}/min",
        _("Пульс"),
        _("уд./хв"),
        Decimal(20),
        Decimal(300),
        _("Пульс: введіть число від 20 до 300 уд./хв."),
    ),
    Vital(
        "height",
        "8302-2",
        "cm",
        _("Зріст"),
        _("см"),
        Decimal(20),
        Decimal(260),
        _("Зріст: введіть число від 20 до 260 см."),
    ),
    Vital(
        "weight",
        "29463-7",
        "kg",
        _("Вага"),
        _("кг"),
        Decimal("0.3"),
        Decimal(400),
        _("Вага: введіть число від 0,3 до 400 кг."),
    ),
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
