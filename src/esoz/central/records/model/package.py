"""The signed encounter package, typed as far as its rules ask; the schema has checked the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from esoz.kernel.decoding import convert
from esoz.kernel.fhir import CodeableConcept, Coding, Period, Reference

from .documents import Document
from .entity import Entity, Immunization, Observation
from .kinds import ENTITIES, IMMUNIZATIONS, OBSERVATIONS, Kind


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
    participant: tuple[Reference, ...] = ()
    division: Reference | None = None
    incoming_referral: Reference | None = None
    paper_referral: Mapping[str, str] | None = None
    hospitalization: Hospitalization | None = None


@dataclass(frozen=True, slots=True)
class PlacedRecord:
    """A record at its place in the document (`$.conditions[0]`), typed and as it was signed."""

    entry: str
    kind: Kind
    entity: Entity
    document: Document


@dataclass(frozen=True, slots=True)
class Records:
    """Records that were signed together."""

    placed: Sequence[PlacedRecord]

    def of(self, kind: Kind) -> list[PlacedRecord]:
        """Those of one kind, in the order submitted."""
        return [each for each in self.placed if each.kind is kind]

    def ids(self, kind: Kind) -> set[UUID]:
        """The ids of those of one kind."""
        return {each.entity.id for each in self.of(kind)}

    @property
    def observations(self) -> Iterator[Observation]:
        return (each.entity for each in self.of(OBSERVATIONS) if isinstance(each.entity, Observation))

    @property
    def immunizations(self) -> Iterator[Immunization]:
        return (each.entity for each in self.of(IMMUNIZATIONS) if isinstance(each.entity, Immunization))


@dataclass(frozen=True, slots=True)
class Package:
    """Everything that one encounter brought; `content` is the signed document."""

    content: Document
    encounter: Encounter
    records: Records


def package_of(content: Document) -> Package:
    """The signed document as a typed package. Raises Rejected with every fault of its shape."""
    return Package(content, convert(content["encounter"], Encounter, root="$.encounter"), records_of(content))


def records_of(content: Document) -> Records:
    """The lists of a signed document as typed records. Raises Rejected with every fault of its shape."""
    return Records(
        [
            placed(kind, number, document)
            for kind in ENTITIES
            for number, document in enumerate(content.get(kind.name, ()))
        ]
    )


def placed(kind: Kind, number: int | None, document: Document) -> PlacedRecord:
    """One record; without a number it does not stand in a list: `$.diagnostic_report`."""
    entry = f"$.{kind.one}" if number is None else f"$.{kind.name}[{number}]"
    return PlacedRecord(entry, kind, convert(document, kind.shape, root=entry), document)
