"""One right document of every kind of record, as a MIS would make it; each names what stands beside it in a package."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID, uuid5

from tests.factories import services
from tests.factories.records import (
    Document,
    Visiting,
    allergy,
    concept,
    condition,
    immunization,
    moment,
    observation,
    package,
    ref,
)

_OWN = {
    "encounters": "encounter",
    "conditions": "condition",
    "observations": "observation",
    "immunizations": "immunization",
    "allergy_intolerances": "allergy",
}


def id_of(visiting: Visiting, kind: str) -> UUID:
    """The id of the record of a kind (its list's name) in this encounter."""
    if kind in _OWN:
        found: UUID = getattr(visiting, _OWN[kind])
        return found
    return uuid5(visiting.encounter, kind)


def _base(visiting: Visiting, kind: str, status: str, author: str, place: str = "context") -> Document:
    return {
        "id": str(id_of(visiting, kind)),
        "status": status,
        place: ref("encounter", visiting.encounter),
        author: ref("employee", visiting.doctor),
    }


def risk_assessment(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "risk_assessments", "final", "performer")
        | {
            "code": concept("eHealth/risk_assesment_codes", "default_risk_assessment_code"),
            "asserted_date": moment(visiting.started),
            "basis": {"references": [ref("observation", visiting.observation)], "text": "Температура"},
            "predictions": [{"probability_decimal": 0.2, "rationale": "Вік"}],
            "reason_references": [ref("condition", visiting.condition)["identifier"]],
        }
        | changes
    )


def device(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "devices", "active", "recorder")
        | {
            "name": [{"type": "user_friendly", "value": "Кардіостимулятор"}],
            "type": concept("device_definition_classification_type", "35852"),
            "serial_number": "SN-1",
            "manufacturer": "Виробник",
            "model_number": "M-7",
            "manufacture_date": moment(visiting.now - timedelta(days=300)),
        }
        | changes
    )


def device_association(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "device_associations", "implanted", "recorder")
        | {
            "device": ref("device", id_of(visiting, "devices")),
            "recorded": moment(visiting.started),
            "body_site": concept("eHealth/body_structures", "heart"),
            "association_date": (visiting.now - timedelta(days=10)).date().isoformat(),
        }
        | changes
    )


def detected_issue(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "detected_issues", "final", "recorder", "encounter")
        | {
            "author": ref("employee", visiting.doctor),
            "subject": ref("device", id_of(visiting, "devices")),
            "identified_date_time": moment(visiting.started),
            "detail": "Розряджена батарея",
        }
        | changes
    )


def medication_statement(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "medication_statements", "active", "asserter")
        | {
            "asserted_date": moment(visiting.started),
            "primary_source": True,
            "dosage": "1 таблетка на добу",
            "medication_code": concept("eHealth/medical_statement_medications", "aspirin"),
        }
        | changes
    )


def diagnostic_report(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "diagnostic_reports", "final", "recorded_by", "encounter")
        | {
            "code": ref("service", services.id_of(services.ECG)),
            "category": [concept("eHealth/diagnostic_report_categories", "LAB")],
            "issued": moment(visiting.started),
            "primary_source": True,
            "conclusion": "Ритм синусовий",
            "managing_organization": ref("legal_entity", visiting.clinic),
            "performer": {"reference": ref("employee", visiting.doctor)},
            "results_interpreter": {"reference": ref("employee", visiting.doctor)},
            "effective_period": visiting.period(),
        }
        | changes
    )


def procedure(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "procedures", "completed", "performer", "encounter")
        | {
            "code": ref("service", services.id_of(services.COLONOSCOPY)),
            "primary_source": True,
            "recorded_by": ref("employee", visiting.doctor),
            "managing_organization": ref("legal_entity", visiting.clinic),
            "category": concept("eHealth/procedure_categories", "default"),
            "performed_period": visiting.period(),
            "reason_references": [ref("condition", visiting.condition)],
        }
        | changes
    )


def clinical_impression(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "clinical_impressions", "completed", "assessor", "encounter")
        | {
            "code": concept("eHealth/clinical_impression_patient_categories", "ADULT_INSULIN_DEPENDENT"),
            "effective_date_time": moment(visiting.started),
            "summary": "Стан задовільний",
            "problems": [ref("condition", visiting.condition)],
            "findings": [{"item_reference": ref("observation", visiting.observation), "basis": "Вимірювання"}],
            "supporting_info": [ref("procedure", id_of(visiting, "procedures"))],
        }
        | changes
    )


def specimen(visiting: Visiting, **changes: object) -> Document:
    amount = {"value": 5, "system": "eHealth/ucum/units", "code": "mL"}
    return (
        _base(visiting, "specimens", "available", "registered_by")
        | {
            "type": concept("specimen_types", "default"),
            "managing_organization": ref("legal_entity", visiting.clinic),
            "collection": {
                "collector": ref("employee", visiting.doctor),
                "quantity": amount,
                "collected_date_time": moment(visiting.started),
            },
            "container": [
                {
                    "identifier": f"ТУБ-{visiting.encounter}",
                    "type": concept("specimen_container_types", "default"),
                    "capacity": amount,
                    "specimen_quantity": amount,
                }
            ],
        }
        | changes
    )


def device_dispense(visiting: Visiting, **changes: object) -> Document:
    return (
        _base(visiting, "device_dispenses", "completed", "performer", "encounter")
        | {
            "location": ref("division", visiting.division or visiting.clinic),
            "primary_source": True,
            "when_handed_over": moment(visiting.started),
            "details": [
                {
                    "quantity": {"value": 1, "system": "device_unit", "code": "piece"},
                    "device_code": concept("device_definition_classification_type", "35852"),
                }
            ],
        }
        | changes
    )


Maker = Callable[..., Document]
# Kinds that a package can bring without anything kept elsewhere in the system.
MAKERS: Mapping[str, Maker] = {
    "conditions": condition,
    "observations": observation,
    "immunizations": immunization,
    "allergy_intolerances": allergy,
    "risk_assessments": risk_assessment,
    "devices": device,
    "device_associations": device_association,
    "detected_issues": detected_issue,
    "medication_statements": medication_statement,
    "diagnostic_reports": diagnostic_report,
    "procedures": procedure,
    "clinical_impressions": clinical_impression,
    "specimens": specimen,
    "device_dispenses": device_dispense,
}


def medication_administration(visiting: Visiting, medication: UUID, **changes: object) -> Document:
    """A drug of the register, given to the patient."""
    return (
        _base(visiting, "medication_administrations", "completed", "performer")
        | {
            "category": concept("eHealth/SNOMED/medication_administration_categories", "outpatient"),
            "medication": ref("medication", medication),
            "performed_date_time": moment(visiting.started),
            "dosage": [{"text": "500 мг", "route": concept("eHealth/SNOMED/route_codes", "26643006")}],
        }
        | changes
    )


def whole_package(visiting: Visiting, medication: UUID, *, changed: Mapping[str, Document] | None = None) -> Document:
    """A package with one record of each of the fifteen kinds; `changed` has other fields for some kinds."""
    changes = changed or {}
    lists = {kind: [make(visiting, **changes.get(kind, {}))] for kind, make in MAKERS.items()}
    given = medication_administration(visiting, medication, **changes.get("medication_administrations", {}))
    return package(visiting, **lists, medication_administrations=[given])
