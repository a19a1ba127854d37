"""Records that an encounter brings, typed as far as the rules of each ask; the schema has checked the rest."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from esoz.kernel.fhir import CodeableConcept, Reference

# Each kind spells the same thing in its own way: `rename` of its structure says how.
_IN_ENCOUNTER = {"context": "encounter", "state": "status"}


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """What all records have in common: who tells it, in which encounter, whether it stands."""

    id: UUID
    state: str
    context: Reference | None = None
    author: Reference | None = None
    report_origin: CodeableConcept | None = None
    primary_source: bool = True  # kinds without the field are always told by their author


class Evidence(msgspec.Struct, frozen=True):
    """What a condition is concluded from."""

    details: tuple[Reference, ...] = ()


class Condition(Entity, frozen=True, kw_only=True, rename={"state": "verification_status", "author": "asserter"}):
    """A disease, an injury, a complaint."""

    state: str
    author: Reference | None = None
    code: CodeableConcept


class Observation(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "performer"}):
    """A measurement or a finding; its value is checked by the schema."""

    state: str
    author: Reference | None = None
    diagnostic_report: Reference | None = None
    reaction_on: Reference | None = None


class Explanation(msgspec.Struct, frozen=True):
    """Why a vaccine was given, or why not."""

    reasons: tuple[CodeableConcept, ...] = ()
    reasons_not_given: tuple[CodeableConcept, ...] = ()


class VaccinationProtocol(msgspec.Struct, frozen=True):
    """The place of a dose in a series."""

    target_diseases: tuple[CodeableConcept, ...]
    dose_sequence: float | None = None
    series_doses: float | None = None


class Immunization(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "performer"}):
    """A vaccine given, or refused."""

    state: str
    author: Reference | None = None
    not_given: bool
    explanation: Explanation | None = None
    vaccination_protocols: tuple[VaccinationProtocol, ...] = ()


class AllergyIntolerance(
    Entity, frozen=True, kw_only=True, rename={"state": "verification_status", "author": "asserter"}
):
    """What the patient must be kept from."""

    state: str
    author: Reference | None = None


class RiskAssessment(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "performer"}):
    """How likely something is to happen to the patient."""

    state: str
    author: Reference | None = None


class Device(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "recorder"}):
    """A thing in or on the patient: an implant, a prosthesis."""

    state: str
    author: Reference | None = None


class DeviceAssociation(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "recorder"}):
    """Where a device is in the patient, and since when."""

    state: str
    author: Reference | None = None


class DetectedIssue(Entity, frozen=True, kw_only=True, rename={**_IN_ENCOUNTER, "author": "recorder"}):
    """Something wrong with a device."""

    state: str
    context: Reference | None = None
    author: Reference | None = None


class MedicationStatement(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "asserter"}):
    """What the patient takes, as somebody tells."""

    state: str
    author: Reference | None = None


class MedicationAdministration(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "performer"}):
    """A drug given to the patient."""

    state: str
    author: Reference | None = None


class Informant(msgspec.Struct, frozen=True):
    """Somebody by reference, when they work in a clinic of the system, or else by words."""

    reference: Reference | None = None
    text: str | None = None


class DiagnosticReport(Entity, frozen=True, kw_only=True, rename={**_IN_ENCOUNTER, "author": "recorded_by"}):
    """What an examination or a laboratory found; its author is who recorded it."""

    state: str
    context: Reference | None = None
    author: Reference | None = None
    code: Reference
    conclusion: str | None = None
    performer: Informant | None = None
    results_interpreter: Informant | None = None
    managing_organization: Reference | None = None
    based_on: Reference | None = None


class Procedure(Entity, frozen=True, kw_only=True, rename={**_IN_ENCOUNTER, "author": "performer"}):
    """What was done to the patient."""

    state: str
    context: Reference | None = None
    author: Reference | None = None
    code: Reference
    recorded_by: Reference
    managing_organization: Reference
    based_on: Reference | None = None


class ClinicalImpression(Entity, frozen=True, kw_only=True, rename={**_IN_ENCOUNTER, "author": "assessor"}):
    """What a doctor concludes from everything known."""

    state: str
    context: Reference | None = None
    author: Reference | None = None


class Container(msgspec.Struct, frozen=True):
    """A tube or a jar with a number that the laboratory finds it by."""

    identifier: str


class Specimen(Entity, frozen=True, kw_only=True, rename={"state": "status", "author": "registered_by"}):
    """A sample taken from the patient."""

    state: str
    author: Reference | None = None
    managing_organization: Reference
    container: tuple[Container, ...]


class Amount(msgspec.Struct, frozen=True):
    """How many of something."""

    value: float


class Dispensed(msgspec.Struct, frozen=True):
    """One line of what was handed over."""

    quantity: Amount


class DeviceDispense(Entity, frozen=True, kw_only=True, rename={**_IN_ENCOUNTER, "author": "performer"}):
    """A device handed over to the patient."""

    state: str
    context: Reference | None = None
    author: Reference | None = None
    details: tuple[Dispensed, ...]
    external_provider: Mapping[str, str] | None = None
