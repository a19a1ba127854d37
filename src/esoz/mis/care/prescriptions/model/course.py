"""A course of treatment: defaults, the signature in words, the published order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from .drugs import Drug, enough_for, number

MOST_TIMES = 24
MOST_LINKS = 6  # prescriptions of a series (MR-23)
# Codes of TIMING_ABBREVIATION for so many times a day.
_TIMING = {1: "QD", 2: "BID", 3: "TID", 4: "QID"}


_OWN_COST = frozenset({"PATIENT", ""})  # codes of FUNDING_SOURCE


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """What a form needs of a medical programme."""

    id: UUID
    name: str
    funding_source: str = ""
    longest: int | None = None  # days from the first to the last day of a course
    silent: bool = False  # no messages to the patient: number and code are printed

    @property
    def is_paid_for(self) -> bool:
        """Whether somebody else than the patient pays, wholly or in part."""
        return self.funding_source not in _OWN_COST


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """What the doctor asks for besides the medicine; `route` and `when` are codes, empty when not told."""

    quantity: Decimal
    started_at: date
    ended_at: date
    times: int
    dose: Decimal
    signature: str
    route: str = ""
    when: str = ""
    inform_with: str = ""
    note: str = ""
    weight: Decimal | None = None  # of a child, in kilograms: what a dose is reckoned by
    links: int = 1  # prescriptions for as many days each, one after another: a series for a long illness

    @property
    def days(self) -> int:
        return days_between(self.started_at, self.ended_at)

    @property
    def periods(self) -> list[tuple[date, date]]:
        """First and last day of each prescription of the series, this one included."""
        return [self.period(number) for number in range(self.links)]

    def period(self, number: int) -> tuple[date, date]:
        """Days of the prescription that comes so many after this one."""
        later = timedelta(days=self.days * number)
        return self.started_at + later, self.ended_at + later


@dataclass(frozen=True, slots=True)
class PrescribingContext:
    """Who prescribes, where and in which encounter."""

    patient_id: UUID
    employee_id: UUID
    division_id: UUID
    encounter_id: UUID


def days_between(first: date, last: date) -> int:
    """Days of a course, the first and the last included."""
    return (last - first).days + 1


def read_programme(found: Mapping[str, Any]) -> Programme:
    """From the published programme with settings."""
    settings = found["medical_program_settings"]
    longest = settings.get("medication_request_max_period_day")
    silent = settings.get("medication_request_notification_disabled") or settings.get("request_notification_disabled")
    return Programme(
        id=UUID(found["id"]),
        name=found["name"],
        funding_source=found.get("funding_source") or "",
        longest=None if longest is None else int(longest),
        silent=bool(silent),
    )


def allows(found: Mapping[str, Any], role: str) -> bool:
    """Whether an employee of this kind may prescribe by the programme at all."""
    settings = found["medical_program_settings"]
    kinds = settings.get("employee_types_to_create_medication_request") or ()
    return found.get("medication_request_allowed") is not False and (
        settings.get("skip_employee_validation") or not kinds or role in kinds
    )


def usual_end(started_at: date, length: int, programme: Programme) -> date:
    """The last day of a course that takes so many days, within what the programme allows."""
    days = length - 1
    return started_at + timedelta(days=days if programme.longest is None else min(days, programme.longest))


def needed(drug: Drug, dose: Decimal, times: int, days: int) -> Decimal:
    """The quantity in whole packages that is enough for the course."""
    return enough_for(drug, dose * times * days)


def signature(drug: Drug, course: Course, descriptions: Mapping[str, str]) -> str:
    """How to take it, for people: «По 1 табл. 2 рази на день протягом 7 днів, після їди, перорально.»

    `descriptions`: those of the chosen route and time (keys `route`, `when`). The document is Ukrainian in any
    language of the page.
    """
    dose = f"{number(course.dose)}".replace(".", ",")
    main = (
        f"По {dose} {drug.unit(drug.dose_unit)} {course.times} {_times(course.times)} на день"
        f" протягом {course.days} {'дня' if _is_one(course.days) else 'днів'}"
    )
    rest = [descriptions[name].lower() for name in ("when", "route") if descriptions.get(name)]
    return ", ".join([main, *rest]) + "."


def _times(count: int) -> str:
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return "рази" if few else "раз" if _is_one(count) else "разів"


def _is_one(count: int) -> bool:
    return count % 10 == 1 and count % 100 != 11


def order(
    drug: Drug, course: Course, place: PrescribingContext, programme_id: UUID, created_at: date
) -> dict[str, Any]:
    """The published `medication_request_request` of an order."""
    asked = {
        "person_id": str(place.patient_id),
        "employee_id": str(place.employee_id),
        "division_id": str(place.division_id),
        "created_at": created_at.isoformat(),
        "started_at": course.started_at.isoformat(),
        "ended_at": course.ended_at.isoformat(),
        "medication_id": str(drug.id),
        "medication_qty": number(course.quantity),
        "medical_program_id": str(programme_id),
        "intent": "order",
        "category": "community",
        "context": {
            "identifier": {
                "type": {"coding": [{"system": "eHealth/resources", "code": "encounter"}]},
                "value": str(place.encounter_id),
            }
        },
        "dosage_instruction": [dosage_instruction(drug, course)],
    }
    optional = {"inform_with": course.inform_with, "note": course.note}
    return asked | {name: value for name, value in optional.items() if value}


def coming_after(asked: Mapping[str, Any], prior: UUID) -> dict[str, Any]:
    """The same order as the next one of a series (MR-23)."""
    kind = {"coding": [{"system": "eHealth/resources", "code": "medication_request"}]}
    return {**asked, "prior_prescription": {"identifier": {"type": kind, "value": str(prior)}}}


def dosage_instruction(drug: Drug, course: Course) -> dict[str, Any]:
    """The published Dosage_Instruction: words, times a day, dose, and the limits that follow from them."""
    dose = drug.quantity_of(drug.dose_unit, course.dose)
    day = {"value": 1, "unit": "доба", "system": "eHealth/ucum/units", "code": "d"}
    repeat: dict[str, Any] = {
        "frequency": course.times,
        "period": 1,
        "period_unit": "d",
        "bounds_duration": {**day, "value": course.days},
    }
    if course.when:
        repeat["when"] = [course.when]
    timing: dict[str, Any] = {"repeat": repeat}
    if course.times in _TIMING:
        timing["code"] = {"coding": [{"system": "TIMING_ABBREVIATION", "code": _TIMING[course.times]}]}
    return {
        "sequence": 1,
        "text": course.signature,
        "patient_instruction": course.signature,
        "timing": timing,
        **({"route": _coded("eHealth/SNOMED/route_codes", course.route)} if course.route else {}),
        "dose_and_rate": {"type": _coded("eHealth/dose_and_rate", "ordered"), "dose_quantity": dose},
        "max_dose_per_period": {
            "numerator": drug.quantity_of(drug.dose_unit, course.dose * course.times),
            "denominator": day,
        },
        "max_dose_per_administration": dose,
    }


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def is_of_series(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether central's draft comes after ours in its series: the same medicine, not a second one."""
    return (
        theirs.get("prior_prescription") is not None
        and ours["employee_id"] == theirs["employee"]["id"]
        and ours["medication_id"] == theirs["medication_info"]["medication_id"]
        and ours["context"]["identifier"]["value"] == theirs["context"]["identifier"]["value"]
    )


def is_same(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether central's draft is what we asked for: how a lost answer is found again."""
    existing = {
        "employee_id": theirs["employee"]["id"],
        "medication_id": theirs["medication_info"]["medication_id"],
        "medication_qty": theirs["medication_info"]["medication_qty"],
        "medical_program_id": (theirs.get("medical_program") or {}).get("id"),
        **{name: theirs.get(name) for name in ("created_at", "started_at", "ended_at", "note")},
        "text": theirs["dosage_instruction"][0].get("text"),
        "encounter": theirs["context"]["identifier"]["value"],
    }
    names = (
        "employee_id",
        "medication_id",
        "medication_qty",
        "medical_program_id",
        "created_at",
        "started_at",
        "ended_at",
    )
    asked = {
        **{name: ours[name] for name in names},
        "note": ours.get("note"),
        "text": ours["dosage_instruction"][0]["text"],
        "encounter": ours["context"]["identifier"]["value"],
    }
    return asked == existing
