"""The signed encounter package, typed as far as its rules ask; the schema has checked the rest."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from esoz.kernel.fhir import CodeableConcept, Coding, Period, Reference

from .kinds import ALLERGY_INTOLERANCES, CONDITIONS, IMMUNIZATIONS, OBSERVATIONS, Kind


class Visit(msgspec.Struct, frozen=True):
    """The stay in the clinic in which encounters happen; not signed."""

    id: UUID
    period: Period


class SubmittedDiagnosis(msgspec.Struct, frozen=True):
    """A diagnosis of an encounter: a condition in a role."""

    condition: Reference
    role: CodeableConcept
    rank: int | float | None = None


class Hospitalization(msgspec.Struct, frozen=True):
    """How a patient came to a hospital and left it."""

    admit_source: CodeableConcept | None = None
    discharge_disposition: CodeableConcept | None = None
    discharge_department: CodeableConcept | None = None


class Encounter(msgspec.Struct, frozen=True, rename={"klass": "class"}):
    """What happened between a doctor and a patient."""

    id: UUID
    status: str
    period: Period
    visit: Reference
    episode: Reference
    klass: Coding
    type: CodeableConcept
    performer: Reference
    diagnoses: tuple[SubmittedDiagnosis, ...]
    reasons: tuple[CodeableConcept, ...] = ()
    actions: tuple[CodeableConcept, ...] = ()
    action_references: tuple[Reference, ...] = ()
    supporting_info: tuple[Reference, ...] = ()
    participant: tuple[Reference, ...] = ()
    division: Reference | None = None
    incoming_referral: Reference | None = None
    paper_referral: Mapping[str, str] | None = None
    hospitalization: Hospitalization | None = None


class Evidence(msgspec.Struct, frozen=True):
    """What a condition is concluded from."""

    details: tuple[Reference, ...] = ()


class Condition(msgspec.Struct, frozen=True):
    """A disease, an injury, a complaint."""

    id: UUID
    primary_source: bool
    context: Reference
    code: CodeableConcept
    clinical_status: str
    verification_status: str
    onset_date: datetime
    asserted_date: datetime | None = None
    evidences: tuple[Evidence, ...] = ()
    asserter: Reference | None = None
    report_origin: CodeableConcept | None = None

    @property
    def author(self) -> Reference | None:
        return self.asserter

    @property
    def state(self) -> str:
        return self.verification_status


class Observation(msgspec.Struct, frozen=True):
    """A measurement or a finding; its value is checked by the schema."""

    id: UUID
    status: str
    primary_source: bool
    issued: datetime
    context: Reference | None = None
    effective_date_time: datetime | None = None
    effective_period: Period | None = None
    diagnostic_report: Reference | None = None
    specimen: Reference | None = None
    device: Reference | None = None
    reaction_on: Reference | None = None
    performer: Reference | None = None
    report_origin: CodeableConcept | None = None

    @property
    def author(self) -> Reference | None:
        return self.performer

    @property
    def state(self) -> str:
        return self.status


class Explanation(msgspec.Struct, frozen=True):
    """Why a vaccine was given, or why not."""

    reasons: tuple[CodeableConcept, ...] = ()
    reasons_not_given: CodeableConcept | None = None


class VaccinationProtocol(msgspec.Struct, frozen=True):
    """The place of a dose in a series."""

    target_diseases: tuple[CodeableConcept, ...]
    dose_sequence: float | None = None
    series_doses: float | None = None


class Immunization(msgspec.Struct, frozen=True):
    """A vaccine given, or refused."""

    id: UUID
    status: str
    not_given: bool
    context: Reference
    date: datetime
    primary_source: bool
    explanation: Explanation | None = None
    vaccination_protocols: tuple[VaccinationProtocol, ...] = ()
    performer: Reference | None = None
    report_origin: CodeableConcept | None = None

    @property
    def author(self) -> Reference | None:
        return self.performer

    @property
    def state(self) -> str:
        return self.status


class AllergyIntolerance(msgspec.Struct, frozen=True):
    """What the patient must be kept from."""

    id: UUID
    verification_status: str
    context: Reference
    onset_date_time: datetime
    asserted_date: datetime
    primary_source: bool
    last_occurrence: datetime | None = None
    asserter: Reference | None = None
    report_origin: CodeableConcept | None = None

    @property
    def author(self) -> Reference | None:
        return self.asserter

    @property
    def state(self) -> str:
        return self.verification_status


class Entity(Protocol):
    """What all entities of a package have in common."""

    @property
    def id(self) -> UUID: ...
    @property
    def primary_source(self) -> bool: ...
    @property
    def context(self) -> Reference | None: ...
    @property
    def author(self) -> Reference | None: ...
    @property
    def report_origin(self) -> CodeableConcept | None: ...
    @property
    def state(self) -> str: ...


class Package(msgspec.Struct, frozen=True):
    """Everything that one encounter brought."""

    encounter: Encounter
    conditions: tuple[Condition, ...] = ()
    observations: tuple[Observation, ...] = ()
    immunizations: tuple[Immunization, ...] = ()
    allergy_intolerances: tuple[AllergyIntolerance, ...] = ()

    def of(self, kind: Kind) -> tuple[Entity, ...]:
        """The entities of one kind, in the order submitted."""
        entities: dict[Kind, tuple[Entity, ...]] = {
            CONDITIONS: self.conditions,
            OBSERVATIONS: self.observations,
            IMMUNIZATIONS: self.immunizations,
            ALLERGY_INTOLERANCES: self.allergy_intolerances,
        }
        return entities[kind]

    def placed(self, kind: Kind) -> Iterator[tuple[str, Entity]]:
        """Each entity of one kind with its place in the document: `$.conditions[0]`."""
        for number, entity in enumerate(self.of(kind)):
            yield f"$.{kind.name}[{number}]", entity
