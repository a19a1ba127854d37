"""Doctors as everybody sees them, spelled as published: no numbers, no telephones of their own, no day of birth."""

from collections.abc import Sequence
from datetime import date

from esoz.central.healthcare_services import EmployeeRole, HealthcareService, role, service
from esoz.central.organisations import Division, LegalEntity, division_shown
from esoz.central.workforce import Employee, Party, Training
from esoz.kernel.payload import JSON, omit_none

from .model import Doctor, DoctorInPerson, Load, Place, Practitioner, Service, Workplace, all_training


def doctor_in_list(doctor: Doctor) -> JSON:
    """A doctor at a place of work, in the list."""
    employee, division = doctor.employee, doctor.division
    party = {"specialities": employee.education.specialities, "is_available": doctor.is_available}
    return {
        "id": employee.id,
        "party": _names(employee.party) | party,
        "division": {"id": division.id, "name": division.name} | _address(division),
        "legal_entity": _entity(doctor.legal_entity),
    }


def doctor(doctor: Doctor) -> JSON:
    """A doctor at a place of work, with what they learned."""
    employee, division = doctor.employee, doctor.division
    return {
        "id": employee.id,
        "position": employee.position,
        "employee_type": employee.employee_type,
        "party": _learned(employee.party, [employee]) | {"is_available": doctor.is_available},
        "division": {"id": division.id, "name": division.name, "type": division.type} | _address(division),
        "legal_entity": _entity(doctor.legal_entity),
    }


def doctor_in_person(doctor: DoctorInPerson) -> JSON:
    """A doctor with all places of work and what is given there."""
    employees = [each.employee for each in doctor.workplaces]
    return _learned(doctor.party, employees) | {
        "is_available": doctor.is_available,
        "employees": [_workplace(each) for each in doctor.workplaces],
    }


def _workplace(place: Workplace) -> JSON:
    return {
        "id": place.employee.id,
        "position": place.employee.position,
        "employee_type": place.employee.employee_type,
        "healthcare_services": [_service(each) for each in place.services],
    }


def _service(given: Service) -> JSON:
    service = given.service
    return omit_none(
        id=service.id,
        division=_division(given.division, given.legal_entity),
        speciality_type=service.speciality_type,
        providing_condition=service.providing_condition,
        category=[service.category],
        type=[service.type] if service.type else None,
        status=service.status,
        comment=service.content.comment,
        available_time=service.content.available_time or None,
        not_available=service.content.not_available or None,
    )


def _division(division: Division, entity: LegalEntity) -> JSON:
    known = division.latitude is not None and division.longitude is not None
    return _address(division) | omit_none(
        id=division.id,
        name=division.name,
        type=division.type,
        contacts={"email": division.email, "phones": division.phones},
        coordinates={"latitude": division.latitude, "longitude": division.longitude} if known else None,
        legal_entity=omit_none(
            name=entity.name,
            short_name=entity.edr.short_name or entity.name,
            public_name=entity.edr.public_name or entity.name,
            type=entity.type,
            owner_property_type=entity.owner_property_type,
            legal_form=entity.edr.legal_form,
            edrpou=entity.edrpou,
            addresses=[entity.residence_address],
            phones=entity.phones,
            email=entity.email,
        ),
    )


def place(place: Place) -> JSON:
    """A division with its legal entity and what is offered in it; who wrote a row is no matter of the public."""
    offered = [service_of_register(each) for each in place.services]
    return _division(place.division, place.legal_entity) | {"healthcare_services": offered}


def _learned(party: Party, employees: Sequence[Employee]) -> JSON:
    return {**_names(party), **_training(all_training(employees))} | omit_none(
        working_experience=party.working_experience,
        about_myself=party.about_myself,
        verification_status=party.verification_status,
    )


def _names(party: Party) -> dict[str, object]:
    # Published as required: who has no second name has an empty one.
    return {
        "id": party.id,
        "last_name": party.last_name,
        "first_name": party.first_name,
        "second_name": party.second_name or "",
    }


def _address(division: Division) -> dict[str, object]:
    return {"addresses": division.addresses[0]} if division.addresses else {}


def _entity(entity: LegalEntity) -> JSON:
    return {"id": entity.id, "name": entity.name, "status": entity.status}


HANDS = ("inserted_by", "updated_by")  # who wrote a row is no matter of the public


def legal_entity_of_register(entity: LegalEntity) -> JSON:
    return omit_none(
        id=entity.id,
        name=entity.name,
        short_name=entity.edr.short_name,
        public_name=entity.edr.public_name,
        status=entity.status,
        status_reason=entity.status_reason,
        type=entity.type,
        owner_property_type=entity.owner_property_type,
        legal_form=entity.edr.legal_form,
        edrpou=entity.edrpou,
        kveds=[kved.code for kved in entity.edr.kveds],
        addresses=[entity.residence_address],
        residence_address=entity.residence_address,
        phones=entity.phones,
        email=entity.email,
        website=entity.website,
        accreditation=entity.accreditation,
        is_active=entity.is_active,
        inserted_at=entity.inserted_at,
        updated_at=entity.updated_at,
    )


def division_of_register(division: Division) -> JSON:
    moments = {"inserted_at": division.inserted_at, "updated_at": division.updated_at}
    return {**division_shown(division), "is_active": division.is_active, **moments}


def employee_of_register(employee: Employee) -> JSON:
    training = employee.education
    officio = next((each for each in training.specialities if each.speciality_officio), None)
    return omit_none(
        id=employee.id,
        position=employee.position,
        status=employee.status,
        status_reason=employee.status_reason,
        employee_type=employee.employee_type,
        is_active=employee.is_active,
        start_date=_midnight(employee.start_date),
        end_date=_midnight(employee.end_date),
        legal_entity_id=employee.legal_entity_id,
        division_id=employee.division_id,
        party_id=employee.party.id,
        inserted_at=employee.inserted_at,
        updated_at=employee.updated_at,
        additional_info=_training(training),
        speciality=officio,
    )


def practitioner_of_register(found: Practitioner) -> JSON:
    """Somebody who treats: the year of birth and no more of it, as published; no tax number."""
    party = found.party
    return _learned(party, found.offices) | {
        "year_of_birth": str(party.birth_date.year),
        "gender": party.gender,
        "inserted_at": party.inserted_at,
        "updated_at": party.updated_at,
    }


def service_of_register(found: HealthcareService) -> JSON:
    return {name: value for name, value in service(found).items() if name not in HANDS}


def role_of_register(found: EmployeeRole) -> JSON:
    return {name: value for name, value in role(found).items() if name not in HANDS}


def load(load: Load) -> JSON:
    return {"party_id": load.party_id, "declarations_limit": load.limit, "declarations_count": load.count}


def _training(training: Training) -> JSON:
    return omit_none(
        educations=training.educations,
        specialities=training.specialities,
        qualifications=training.qualifications,
        science_degree=training.science_degree,
    )


def _midnight(day: date | None) -> str | None:
    """Published as a moment, though it is a day."""
    return None if day is None else f"{day.isoformat()}T00:00:00Z"
