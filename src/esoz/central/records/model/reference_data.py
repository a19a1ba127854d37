"""What rules of signed records ask of the registers and the store, fetched before them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from esoz.kernel.fhir import CodeableConcept
from esoz.kernel.references import Referent, Target

from .documents import Document
from .episode import Episode
from .staff import Doctor, Location


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record kept already: its code, whether it was taken back, what people call it when it has no code."""

    code: CodeableConcept
    status: str
    display: str = ""
    document: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """What the rules ask of a service of the catalogue."""

    category: str
    request_allowed: bool = True


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """Everything that rules of records ask about; what is not here does not exist."""

    now: datetime
    legal_entity_id: UUID
    doctors: Mapping[UUID, Doctor]
    divisions: Mapping[UUID, Location]
    stored: Mapping[str, Mapping[UUID, StoredRecord]]
    episode: Episode | None
    outside: Mapping[Target, Referent] = field(default_factory=dict)
    services: Mapping[UUID, Service] = field(default_factory=dict)
