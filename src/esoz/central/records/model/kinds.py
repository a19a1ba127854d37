"""The kinds of medical records: how each is spelled, where its parts stand, what it is found by.

A kind is a row of this table; what all kinds share (references, dates, source, context, storing, reading, cancelling)
is written once and reads the table. What only one kind has is a function of `own_rules`.
Places in documents are dotted paths: `performed_period.start`, `container.type`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .entity import (
    AllergyIntolerance,
    ClinicalImpression,
    Condition,
    DetectedIssue,
    Device,
    DeviceAssociation,
    DeviceDispense,
    DiagnosticReport,
    Entity,
    Immunization,
    MedicationAdministration,
    MedicationStatement,
    Observation,
    Procedure,
    RiskAssessment,
    Specimen,
)

# CN-4: the word that takes a record out of use, in whichever of the two fields it stands.
ENTERED_IN_ERROR = "entered_in_error"

_HANDS = frozenset({"inserted_by", "updated_by"})


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of record made in an encounter.

    `name` is its list in a package, its part of the path and its table; `one` the word of references and links.
    `code` is where its meaning stands, `dates` where its date does (the first that is there), `author` who tells it,
    `context` the encounter. `sourced`: may be told by somebody else, with `report_origin` instead of an author.
    `born`: the statuses it may begin with, when the publication names no dictionary. `past`: dates that lie in the
    past (CE-2); `periods`: periods that end after they begin. `keys`: published parameters that it is found by;
    `added`: fields of the answers that the signed document lacks.
    """

    name: str
    one: str
    shape: type[Entity]
    code: str = "code"
    dates: Sequence[str] = ()
    status: str = "status"
    author: str = "performer"
    context: str = "context"
    sourced: bool = False
    born: frozenset[str] = frozenset()
    past: Sequence[str] = ()
    periods: Sequence[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """The word that begins sentences about it."""
        return self.one.replace("_", " ").capitalize()


ENCOUNTERS = Kind("encounters", "encounter", Entity, code="type", dates=("period.start",))
CONDITIONS = Kind(
    "conditions",
    "condition",
    Condition,
    dates=("onset_date",),
    status="verification_status",
    author="asserter",
    sourced=True,
    past=("onset_date", "asserted_date"),
)
OBSERVATIONS = Kind(
    "observations",
    "observation",
    Observation,
    dates=("issued",),
    sourced=True,
    past=("issued", "effective_date_time"),
    periods=("effective_period",),
    keys={"diagnostic_report_id": "diagnostic_report", "specimen_id": "specimen", "device_id": "device"},
)
IMMUNIZATIONS = Kind(
    "immunizations",
    "immunization",
    Immunization,
    code="vaccine_code",
    dates=("date",),
    sourced=True,
    past=("date",),
    born=frozenset({"completed"}),
    added=frozenset({"reactions"}),
)
ALLERGY_INTOLERANCES = Kind(
    "allergy_intolerances",
    "allergy_intolerance",
    AllergyIntolerance,
    dates=("onset_date_time",),
    status="verification_status",
    author="asserter",
    sourced=True,
    past=("onset_date_time", "asserted_date", "last_occurrence"),
)
RISK_ASSESSMENTS = Kind(
    "risk_assessments",
    "risk_assessment",
    RiskAssessment,
    dates=("asserted_date",),
    past=("asserted_date",),
    born=frozenset({"preliminary", "final"}),
)
DEVICES = Kind(
    "devices",
    "device",
    Device,
    code="type",
    author="recorder",
    past=("manufacture_date",),
    keys={
        "definition": "definition",
        "model_number": "model_number",
        "name": "name.value",
        "recorder": "recorder",
        "manufacturer": "manufacturer",
        "serial_number": "serial_number",
    },
)
DEVICE_ASSOCIATIONS = Kind(
    "device_associations",
    "device_association",
    DeviceAssociation,
    code="body_site",
    dates=("recorded",),
    author="recorder",
    past=("recorded", "association_date"),
    keys={"device_id": "device", "body_site": "body_site", "recorder": "recorder"},
    added=_HANDS,
)
DETECTED_ISSUES = Kind(
    "detected_issues",
    "detected_issue",
    DetectedIssue,
    dates=("identified_date_time",),
    author="recorder",
    context="encounter",
    past=("identified_date_time",),
    keys={"device_id": "subject", "recorder": "recorder"},
    added=_HANDS,
)
MEDICATION_STATEMENTS = Kind(
    "medication_statements",
    "medication_statement",
    MedicationStatement,
    code="medication_code",
    dates=("asserted_date",),
    author="asserter",
    sourced=True,
    past=("asserted_date",),
)
MEDICATION_ADMINISTRATIONS = Kind(
    "medication_administrations",
    "medication_administration",
    MedicationAdministration,
    code="medication",
    dates=("performed_date_time",),
    past=("performed_date_time",),
    keys={"category_code": "category", "medication_request_id": "request"},
    added=frozenset({"managing_organization"}),
)
DIAGNOSTIC_REPORTS = Kind(
    "diagnostic_reports",
    "diagnostic_report",
    DiagnosticReport,
    dates=("issued",),
    author="recorded_by",
    context="encounter",
    born=frozenset({"final"}),
    past=("issued", "effective_date_time"),
    periods=("effective_period",),
    keys={
        "based_on": "based_on",
        "origin_episode_id": "origin_episode",
        "initial_episode_id": "origin_episode",
        "specimen_id": "specimens",
        "category": "category",
    },
)
PROCEDURES = Kind(
    "procedures",
    "procedure",
    Procedure,
    dates=("performed_date_time", "performed_period.start"),
    context="encounter",
    sourced=True,
    born=frozenset({"completed"}),
    past=("performed_date_time",),
    periods=("performed_period",),
    keys={
        "based_on": "based_on",
        "service_request_id": "based_on",
        "recorded_by": "recorded_by",
        "device_id": "focal_device.manipulated",
        "used_reference_id": "used_references",
        "origin_episode_id": "origin_episode",
        "category": "category",
    },
)
CLINICAL_IMPRESSIONS = Kind(
    "clinical_impressions",
    "clinical_impression",
    ClinicalImpression,
    dates=("effective_date_time", "effective_period.start"),
    author="assessor",
    context="encounter",
    born=frozenset({"completed"}),
    past=("effective_date_time",),
    periods=("effective_period",),
)
SPECIMENS = Kind(
    "specimens",
    "specimen",
    Specimen,
    code="type",
    dates=("collection.collected_date_time", "collection.collected_period.start"),
    author="registered_by",
    born=frozenset({"available", "unavailable"}),
    past=("collection.collected_date_time", "received_time"),
    periods=("collection.collected_period",),
    keys={
        "registered_by": "registered_by",
        "container_identifier": "container.identifier",
        "container_type": "container.type",
        "parent": "parent",
        "request": "request",
    },
    added=_HANDS | {"accession_identifier", "subject"},
)
DEVICE_DISPENSES = Kind(
    "device_dispenses",
    "device_dispense",
    DeviceDispense,
    code="details.device_code",
    dates=("when_handed_over",),
    context="encounter",
    born=frozenset({"completed"}),
    past=("when_handed_over",),
    keys={
        "based_on": "based_on",
        "location": "location",
        "performer": "performer",
        "part_of": "part_of",
        "device": "details.device",
        "program": "program",
        "origin_episode_id": "origin_episode",
    },
    added=_HANDS | {"subject", "performer_legal_entity"},
)

# In the order in which a package is checked (EN-1); kinds of later years stand at the end.
BEFORE_ENCOUNTER = (DIAGNOSTIC_REPORTS, OBSERVATIONS, CONDITIONS)
AFTER_ENCOUNTER = (
    IMMUNIZATIONS,
    ALLERGY_INTOLERANCES,
    RISK_ASSESSMENTS,
    DEVICES,
    MEDICATION_STATEMENTS,
    MEDICATION_ADMINISTRATIONS,
    PROCEDURES,
    CLINICAL_IMPRESSIONS,
    SPECIMENS,
    DEVICE_DISPENSES,
    DEVICE_ASSOCIATIONS,
    DETECTED_ISSUES,
)
ENTITIES = BEFORE_ENCOUNTER + AFTER_ENCOUNTER
KIND_OF: Mapping[str, Kind] = {kind.one: kind for kind in (ENCOUNTERS, *ENTITIES)}
