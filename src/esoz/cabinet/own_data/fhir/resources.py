"""Each kind of the patient's records as a resource of FHIR R4, in the profiles of the International Patient Summary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ...record.model.words import place
from .codes import (
    ALLERGY_CATEGORY,
    ALLERGY_CLINICAL,
    ALLERGY_TYPE,
    ALLERGY_VERIFICATION,
    CONDITION_CLINICAL,
    CONDITION_VERIFICATION,
    CRITICALITY,
    OBSERVATION_CATEGORIES,
    OBSERVATION_STATUS,
    PROCEDURE_STATUS,
    STATEMENT_STATUS,
)
from .elements import (
    UNNAMED,
    URIS,
    Document,
    Element,
    Elements,
    absent,
    address,
    id_of,
    instant,
    moment,
    period,
    positive,
)

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
SEVERITIES = "eHealth/condition_severities"


@dataclass(frozen=True, slots=True)
class Telling:
    """What every resource needs beside its record: elements, and the reference to the patient."""

    elements: Elements
    patient: Element


Maker: TypeAlias = Callable[[Telling, Document], Element]


def _base(kind: str, document: Document) -> Element:
    origin = {"system": URIS, "value": address(str(document["id"]))}
    return {"resourceType": kind, "id": id_of(kind, document["id"]), "identifier": [origin]}


def _status(system: str, codes: Mapping[str, str], code: object) -> Element:
    known = codes.get(str(code))
    return {"coding": [{"system": TERMINOLOGY + system, "code": known}]} if known else {}


def allergy(telling: Telling, document: Document) -> Element:
    elements = telling.elements
    category = ALLERGY_CATEGORY.get(str(document.get("category")))
    return _base("AllergyIntolerance", document) | {
        "clinicalStatus": _status("allergyintolerance-clinical", ALLERGY_CLINICAL, document.get("clinical_status")),
        "verificationStatus": _status(
            "allergyintolerance-verification", ALLERGY_VERIFICATION, document.get("verification_status")
        ),
        "type": ALLERGY_TYPE.get(str(document.get("type"))),
        "category": [category] if category else [],
        "criticality": CRITICALITY.get(str(document.get("criticality"))),
        "code": elements.meaning(document.get("code")),
        "patient": telling.patient,
        "onsetDateTime": moment(document.get("onset_date_time")),
        "recordedDate": moment(document.get("asserted_date")),
        "asserter": elements.named(document.get("asserter")),
        "lastOccurrence": moment(document.get("last_occurrence")),
    }


def condition(telling: Telling, document: Document) -> Element:
    elements = telling.elements
    stage = elements.concept(place(document, "stage.summary"))
    return _base("Condition", document) | {
        "clinicalStatus": _status("condition-clinical", CONDITION_CLINICAL, document.get("clinical_status")),
        "verificationStatus": _status(
            "condition-ver-status", CONDITION_VERIFICATION, document.get("verification_status")
        ),
        "category": [{"coding": [{"system": f"{TERMINOLOGY}condition-category", "code": "problem-list-item"}]}],
        "severity": elements.concept(document.get("severity"), SEVERITIES),
        "code": elements.meaning(document.get("code")),
        "bodySite": elements.concepts(document.get("body_sites")),
        "subject": telling.patient,
        "onsetDateTime": moment(document.get("onset_date")),
        "recordedDate": moment(document.get("asserted_date")),
        "asserter": elements.named(document.get("asserter")),
        "stage": [{"summary": stage}] if stage.get("coding") else [],
    }


def immunization(telling: Telling, document: Document) -> Element:
    elements = telling.elements
    is_given = document.get("not_given") is not True
    at = moment(document.get("date"))
    doses = [_dose(elements, each) for each in document.get("vaccination_protocols") or ()]
    return (
        _base("Immunization", document)
        | {
            "status": "completed" if is_given else "not-done",
            "statusReason": {"text": elements.words.of(place(document, "explanation.reasons_not_given"))},
            "vaccineCode": elements.meaning(document.get("vaccine_code")),
            "patient": telling.patient,
            "primarySource": document.get("primary_source"),
            "reportOrigin": elements.concept(document.get("report_origin")),
            "manufacturer": elements.named(document.get("manufacturer")),
            "lotNumber": document.get("lot_number"),
            "expirationDate": moment(document.get("expiration_date"))[:10],
            "site": elements.concept(document.get("site")),
            "route": elements.concept(document.get("route")),
            "performer": [{"actor": actor}] if (actor := elements.named(document.get("performer")))["display"] else [],
            "protocolApplied": [each for each in doses if each],
        }
        | ({"occurrenceDateTime": at} if at else {"occurrenceString": UNNAMED})
    )


def _dose(elements: Elements, protocol: Document) -> Element:
    """A dose of a series: FHIR takes it only with its number."""
    number = positive(protocol.get("dose_sequence"))
    if number is None:
        return {}
    return {
        "targetDisease": elements.concepts(protocol.get("target_diseases")),
        "doseNumberPositiveInt": number,
        "seriesDosesPositiveInt": positive(protocol.get("series_doses")),
    }


def _effective(document: Document) -> Element:
    """When what was found was so; of a record that does not say it, when it was told."""
    if at := moment(document.get("effective_date_time")):
        return {"effectiveDateTime": at}
    if any((during := period(document.get("effective_period"))).values()):
        return {"effectivePeriod": during}
    issued = moment(document.get("issued"))
    return {"effectiveDateTime": issued} if issued else absent("effectiveDateTime")


def categories_of(document: Document) -> list[str]:
    """Codes of the categories of an observation."""
    return [str(each["code"]) for one in document.get("categories") or () for each in one.get("coding") or ()]


def observation(telling: Telling, document: Document) -> Element:
    elements = telling.elements
    known = [code for code in categories_of(document) if code in OBSERVATION_CATEGORIES]
    components = [
        {"code": elements.meaning(each.get("code"))} | elements.value(each) for each in document.get("components") or ()
    ]
    value = elements.value(document)
    missing = {"coding": [{"system": f"{TERMINOLOGY}data-absent-reason", "code": "unknown"}]}
    return (
        _base("Observation", document)
        | {
            "status": OBSERVATION_STATUS.get(str(document.get("status")), "unknown"),
            "category": [
                {"coding": [{"system": f"{TERMINOLOGY}observation-category", "code": code}]} for code in known
            ],
            "code": elements.meaning(document.get("code")),
            "subject": telling.patient,
            "issued": instant(document.get("issued")),
            "performer": [elements.named(document.get("performer"))],
            "interpretation": elements.concepts(document.get("interpretation")),
            "bodySite": elements.concept(document.get("body_site")),
            "note": [{"text": document.get("comment")}],
            "component": components,
            "dataAbsentReason": None if value or components else missing,
        }
        | _effective(document)
        | value
    )


def report(telling: Telling, document: Document) -> Element:
    elements = telling.elements
    return (
        _base("DiagnosticReport", document)
        | {
            "status": "final",
            "category": elements.concepts(document.get("category")),
            "code": elements.meaning(document.get("code")),
            "subject": telling.patient,
            "issued": instant(document.get("issued")),
            "performer": [elements.named(place(document, "performer"))],
            "resultsInterpreter": [elements.named(place(document, "results_interpreter"))],
            "conclusion": document.get("conclusion"),
            "conclusionCode": elements.concepts(document.get("conclusion_code")),
        }
        | _effective(document)
    )


def procedure(telling: Telling, document: Document) -> Element:
    elements = telling.elements
    at, during = moment(document.get("performed_date_time")), period(document.get("performed_period"))
    performed = {"performedDateTime": at} if at else {"performedPeriod": during}
    actor = elements.named(document.get("performer"))
    return (
        _base("Procedure", document)
        | {
            "status": PROCEDURE_STATUS.get(str(document.get("status")), "unknown"),
            "category": elements.concept(document.get("category")),
            "code": elements.meaning(document.get("code")),
            "subject": telling.patient,
            "performer": [{"actor": actor}] if actor["display"] else [],
            "outcome": elements.concept(document.get("outcome")),
            "note": [{"text": elements.words.of(document.get("note"))}],
        }
        | (performed if at or any(during.values()) else absent("performedDateTime"))
    )


def statement(telling: Telling, document: Document) -> Element:
    """A medicine that the patient told of: when it is taken nobody wrote down."""
    elements = telling.elements
    return (
        _base("MedicationStatement", document)
        | {
            "status": STATEMENT_STATUS.get(str(document.get("status")), "unknown"),
            "medicationCodeableConcept": elements.meaning(document.get("medication_code")),
            "subject": telling.patient,
            "dateAsserted": moment(document.get("asserted_date")),
            "dosage": [{"text": elements.words.of(document.get("dosage"))}],
            "note": [{"text": elements.words.of(document.get("note"))}],
        }
        | absent("effectiveDateTime")
    )
