"""Healthcare services and roles as published."""

from uuid import UUID

import msgspec

from esoz.kernel.errors import rejected
from esoz.kernel.fhir import CodeableConcept, concept
from esoz.kernel.payload import JSON, omit_none

from .model import (
    CATEGORIES,
    TYPES,
    AvailableTime,
    EmployeeRole,
    HealthcareService,
    NotAvailable,
    Schedule,
    ServiceDetails,
)


class ScheduleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may change of a service; `coverage_area` is reserved and must not be sent."""

    comment: str | None = None
    coverage_area: tuple[str, ...] | None = None
    available_time: tuple[AvailableTime, ...] = ()
    not_available: tuple[NotAvailable, ...] = ()

    def schedule(self) -> Schedule:
        """Raise Rejected for the reserved field."""
        if self.coverage_area is not None:
            raise rejected("$.coverage_area", "schema does not allow additional properties", rule="schema")
        return Schedule(self.comment, self.available_time, self.not_available)


class ServiceBody(ScheduleBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is told of a new service."""

    division_id: UUID
    category: CodeableConcept
    type: CodeableConcept | None = None
    license_id: UUID | None = None
    speciality_type: str | None = None
    providing_condition: str | None = None

    def details(self) -> ServiceDetails:
        """Raise Rejected for codes of other dictionaries than those of the category."""
        _must_be_of(self.category, CATEGORIES, "$.category")
        if self.type is not None:
            _must_be_of(self.type, TYPES.get(self.category.code, self.type.system), "$.type")
        return ServiceDetails(
            division_id=self.division_id,
            category=self.category.code,
            type=self.type.code if self.type else None,
            license_id=self.license_id,
            speciality_type=self.speciality_type,
            providing_condition=self.providing_condition,
            schedule=self.schedule(),
        )


class RoleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who gives what."""

    healthcare_service_id: UUID
    employee_id: UUID


def _must_be_of(concept: CodeableConcept, system: str, place: str) -> None:
    if len(concept.coding) != 1 or concept.system != system or not concept.code:
        raise rejected(f"{place}.coding", f"expected one coding of the dictionary {system}")


def service(service: HealthcareService) -> JSON:
    """A service in the list and in details."""
    return omit_none(
        id=service.id,
        division_id=service.division_id,
        legal_entity_id=service.legal_entity_id,
        license_id=service.license_id,
        speciality_type=service.speciality_type,
        providing_condition=service.providing_condition,
        category=concept(CATEGORIES, service.category),
        type=service.type and concept(TYPES[service.category], service.type),
        status=service.status,
        comment=service.content.comment,
        available_time=service.content.available_time or None,
        not_available=service.content.not_available or None,
        is_active=service.is_active,
        inserted_at=service.inserted_at,
        inserted_by=service.inserted_by,
        updated_at=service.updated_at,
        updated_by=service.updated_by,
    )


def role(role: EmployeeRole) -> JSON:
    """A role in the list and in details."""
    return omit_none(
        id=role.id,
        healthcare_service_id=role.healthcare_service_id,
        employee_id=role.employee_id,
        start_date=role.start_date,
        end_date=role.end_date,
        status=role.status,
        is_active=role.is_active,
        inserted_at=role.inserted_at,
        inserted_by=role.inserted_by,
        updated_at=role.updated_at,
    ) | {"updated_by": role.updated_by}
