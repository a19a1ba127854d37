"""What the rules of records ask of those who treat and of the places where they do."""

from dataclasses import dataclass
from uuid import UUID

from esoz.central.workforce import MEDICAL_TYPES
from esoz.kernel.faults import Faults, fault


@dataclass(frozen=True, slots=True)
class Doctor:
    """What the rules ask of an employee."""

    id: UUID
    legal_entity_id: UUID
    employee_type: str
    approved: bool
    speciality: str | None = None

    @property
    def is_medical(self) -> bool:
        return self.employee_type in MEDICAL_TYPES

    def treats_in(self, legal_entity_id: UUID | None) -> bool:
        """EN-4, CE-3: an approved medical employee of this clinic."""
        return self.approved and self.is_medical and self.legal_entity_id == legal_entity_id


@dataclass(frozen=True, slots=True)
class Location:
    """What the rules ask of a division."""

    legal_entity_id: UUID
    active: bool


def care_manager_faults(doctor: Doctor | None, legal_entity_id: UUID | None) -> Faults:
    """EP-1: the doctor who leads an episode is an approved one of the clinic."""
    entry = "$.care_manager.identifier.value"
    if doctor is None:
        yield fault(entry, "Employee with such ID is not found")
    elif not doctor.is_medical:
        yield fault(entry, "Employee submitted as a care_manager is not a doctor")
    elif not doctor.approved:
        yield fault(entry, "Doctor submitted as a care_manager is not active")
    elif doctor.legal_entity_id != legal_entity_id:
        yield fault(entry, "Employee submitted as a care_manager does not belong to current legal entity")
