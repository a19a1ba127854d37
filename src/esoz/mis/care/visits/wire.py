"""The signed encounter package, exactly as published, from a form without faults."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import msgspec

from esoz.kernel.clock import KYIV
from esoz.kernel.fhir import CodeableConcept, Coding, concept, reference
from esoz.mis.base.workplace import Workplace

from .model import (
    ACTIONS,
    ALLERGY_CODES,
    ANY_ALLERGY,
    CLASSES,
    DIAGNOSES,
    OBSERVATIONS,
    REASONS,
    ROLES,
    TYPES,
    Allergy,
    Diagnosis,
    Visit,
    Vital,
)

CATEGORIES = "eHealth/observation_categories"
UNITS = "eHealth/ucum/units"


def build(visit: Visit, encounter_id: UUID, *, episode_id: UUID, visit_id: UUID, place: Workplace) -> bytes:
    """The bytes to be signed: the encounter, its conditions and observations. Ids follow from the encounter's."""
    conditions = [_condition(visit, each, encounter_id, number, place) for number, each in enumerate(visit.diagnoses)]
    package: dict[str, Any] = {
        "encounter": _encounter(visit, encounter_id, episode_id, visit_id, place),
        "conditions": conditions,
    }
    if visit.vitals:
        package["observations"] = [_observation(visit, *each, encounter_id, place) for each in visit.vitals]
    if visit.allergies:
        package["allergy_intolerances"] = [
            _allergy(visit, each, encounter_id, number, place) for number, each in enumerate(visit.allergies)
        ]
    return msgspec.json.encode(package)


def unsigned(visit: Visit, visit_id: UUID) -> dict[str, Any]:
    """The visit that travels beside the signed package."""
    period = {"start": visit.start, "end": visit.end}
    found: dict[str, Any] = msgspec.to_builtins({"visit": {"id": visit_id, "period": period}})
    return found


def _encounter(visit: Visit, encounter_id: UUID, episode_id: UUID, visit_id: UUID, place: Workplace) -> dict[str, Any]:
    encounter: dict[str, Any] = {
        "id": encounter_id,
        "status": "finished",
        "period": {"start": visit.start, "end": visit.end},
        "visit": reference("visit", visit_id),
        "episode": reference("episode", episode_id),
        "class": Coding(CLASSES, visit.klass),
        "type": concept(TYPES, visit.type),
        "performer": reference("employee", place.employee_id),
        "diagnoses": [
            {
                "condition": reference("condition", condition_id(encounter_id, number)),
                "role": concept(ROLES, each.role),
                "rank": number + 1,
            }
            for number, each in enumerate(visit.diagnoses)
        ],
    }
    if place.division_id is not None:
        encounter["division"] = reference("division", place.division_id)
    if visit.reasons:
        encounter["reasons"] = _reasons(visit)
    if visit.actions:
        encounter["actions"] = [concept(ACTIONS, code) for code in visit.actions]
    if visit.services:
        encounter["action_references"] = [reference("service", service) for service in visit.services]
    if visit.prescriptions:
        encounter["prescriptions"] = visit.prescriptions
    return encounter


def _reasons(visit: Visit) -> list[CodeableConcept]:
    """Reasons; the complaints in the patient's words stand as the text of the first one."""
    first, *others = visit.reasons
    return [concept(REASONS, first, visit.complaints or None), *(concept(REASONS, code) for code in others)]


def condition_id(encounter_id: UUID, number: int) -> UUID:
    """The same id at every correction of the same encounter."""
    return uuid5(encounter_id, f"condition {number}")


def _condition(visit: Visit, each: Diagnosis, encounter_id: UUID, number: int, place: Workplace) -> dict[str, Any]:
    onset = datetime.combine(each.onset, time(), KYIV).astimezone(UTC)
    return {
        "id": condition_id(encounter_id, number),
        "primary_source": True,
        "context": reference("encounter", encounter_id),
        "code": concept(DIAGNOSES[visit.klass], each.code),
        "clinical_status": each.clinical,
        "verification_status": each.verification,
        "onset_date": onset,
        "asserted_date": visit.end,
        "asserter": reference("employee", place.employee_id),
    }


def _observation(visit: Visit, vital: Vital, value: Decimal, encounter_id: UUID, place: Workplace) -> dict[str, Any]:
    return {
        "id": uuid5(encounter_id, f"observation {vital.field}"),
        "status": "valid",
        "categories": [concept(CATEGORIES, "vital-signs")],
        "code": concept(OBSERVATIONS, vital.code),
        "issued": visit.end,
        "effective_date_time": visit.end,
        "primary_source": True,
        "performer": reference("employee", place.employee_id),
        "context": reference("encounter", encounter_id),
        "value_quantity": {"value": float(value), "unit": vital.suffix, "system": UNITS, "code": vital.unit},
    }


def _allergy(visit: Visit, each: Allergy, encounter_id: UUID, number: int, place: Workplace) -> dict[str, Any]:
    begun = datetime.combine(each.since, time(), KYIV).astimezone(UTC) if each.since else visit.end
    return {
        "id": uuid5(encounter_id, f"allergy {number}"),
        "clinical_status": "active",
        "verification_status": each.verification,
        "type": each.kind,
        "category": each.category,
        "criticality": each.criticality,
        "code": concept(ALLERGY_CODES, ANY_ALLERGY, each.words),
        "onset_date_time": begun,
        "asserted_date": visit.end,
        "primary_source": True,
        "asserter": reference("employee", place.employee_id),
        "context": reference("encounter", encounter_id),
    }


_PLACES = (
    (re.compile(r"^\$\.encounter\.period\.start"), "start"),
    (re.compile(r"^\$\.encounter\.period|^\$\.visit"), "end"),
    (re.compile(r"^\$\.encounter\.(?:class|type)"), "type"),
    (re.compile(r"^\$\.encounter\.prescriptions"), "prescriptions"),
    (re.compile(r"^\$\.encounter\.action_references(?:\[(\d+)\])?"), "service_{0}"),
    (re.compile(r"^\$\.encounter\.actions(?:\[(\d+)\])?"), "action_{0}"),
    (re.compile(r"^\$\.encounter\.reasons(?:\[(\d+)\])?"), "reason_{0}"),
    (re.compile(r"^\$\.encounter\.diagnoses\[(\d+)\]\.role"), "role_{0}"),
    (re.compile(r"^\$\.encounter\.diagnoses(?:\[(\d+)\])?"), "diagnosis_{0}"),
    (re.compile(r"^\$\.conditions\[(\d+)\]\.clinical_status"), "clinical_{0}"),
    (re.compile(r"^\$\.conditions\[(\d+)\]\.verification_status"), "verification_{0}"),
    (re.compile(r"^\$\.conditions\[(\d+)\]\.(?:onset|asserted)_date"), "onset_{0}"),
    (re.compile(r"^\$\.conditions(?:\[(\d+)\])?"), "diagnosis_{0}"),
    (re.compile(r"^\$\.allergy_intolerances\[(\d+)\]\.onset_date_time"), "allergy_since_{0}"),
    (re.compile(r"^\$\.observations"), "measured"),
    (re.compile(r"^\$\.allergy_intolerances(?:\[(\d+)\])?"), "allergy_{0}"),
)


def field_of(_content: Mapping[str, Any], entry: str) -> str:
    """The form's field that an entry of central's refusal is about; "" when it is about none."""
    for pattern, field in _PLACES:
        if found := pattern.match(entry):
            number = int(found[1]) + 1 if found.groups() and found[1] else 1
            return field.format(number)
    return ""
