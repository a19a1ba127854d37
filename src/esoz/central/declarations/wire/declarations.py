"""Declarations as published."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from esoz.central.organisations import LegalEntity, division_short
from esoz.central.people import (
    AuthenticationMethod,
    authentication_method_current,
    person_for_declaration,
    person_to_be_signed,
)
from esoz.central.workforce import employee_short
from esoz.kernel.db import Row
from esoz.kernel.payload import JSON, omit_none

from ..model import Declaration, DeclarationDetails, OwnDeclaration


class DeclarationsQuery(msgspec.Struct, frozen=True):
    employee_id: UUID | None = None
    legal_entity_id: UUID | None = None
    status: str | None = None
    declaration_number: str | None = None
    reason: str | None = None


class VerificationsQuery(msgspec.Struct, frozen=True):
    employee_id: UUID
    verification_status: Literal["CHANGES_NEEDED", "VERIFIED", "VERIFICATION_NEEDED", "NOT_VERIFIED"]
    status: str | None = None


class OwnDeclarationsQuery(msgspec.Struct, frozen=True):
    status: str | None = None
    start_date_from: date | None = None
    start_date_to: date | None = None
    end_date_from: date | None = None
    end_date_to: date | None = None


class Termination(msgspec.Struct, frozen=True):
    """Body of terminate: why, in the patient's words."""

    reason_description: Annotated[str, msgspec.Meta(max_length=1000)] | None = None


def declaration_in_list(row: Row) -> JSON:
    """A declaration in the clinic's list."""
    return omit_none(
        id=row["id"],
        declaration_number=row["declaration_number"],
        start_date=row["start_date"],
        end_date=row["end_date"],
        status=row["status"],
        reason=row["reason"],
        reason_description=row["reason_description"],
        employee={"id": row["employee_id"], "position": row["position"], "employee_type": row["employee_type"].lower()},
        division={"id": row["division_id"], "name": row["division_name"]},
        legal_entity={
            "id": row["legal_entity_id"],
            "name": row["legal_entity_name"],
            "edrpou": row["edrpou"],
            "short_name": row["legal_entity_short_name"] or row["legal_entity_name"],
        },
        person=omit_none(
            id=row["person_id"],
            first_name=row["first_name"],
            last_name=row["last_name"],
            second_name=row["second_name"],
            birth_date=row["birth_date"],
            verification_status=row["verification_status"],
        ),
        declaration_request_id=row["declaration_request_id"],
        inserted_at=row["inserted_at"],
        updated_at=row["updated_at"],
    )


def verification_in_list(row: Row) -> JSON:
    """A patient in the list of what registers say."""
    return {
        "person_id": row["person_id"],
        "verification_status": row["verification_status"],
        "details": row["verification_details"],
        "person_status": row["person_status"],
        "person_updated_at": row["person_updated_at"],
        "declaration_number": row["declaration_number"],
        "declaration_status": row["declaration_status"],
    }


def declaration(details: DeclarationDetails) -> JSON:
    """The details of a declaration with everyone in it."""
    return _dates(details.declaration) | {
        "person": person_for_declaration(details.person, details.confidants),
        "employee": employee_short(details.employee),
        "division": division_short(details.division),
        "legal_entity": _legal_entity(details.legal_entity),
    }


def urgent(details: DeclarationDetails) -> JSON:
    """How the person authenticates, the phone masked."""
    return method_current(details.method)


def method_current(method: AuthenticationMethod | None) -> JSON:
    """The block `urgent` of a declaration."""
    return {"authentication_method_current": authentication_method_current(method)}


def own_declaration_in_list(row: Row) -> JSON:
    """A declaration in the patient's list; beside the published ids, who the doctor is and where (divergences.md)."""
    return omit_none(
        id=row["id"],
        declaration_number=row["declaration_number"],
        start_date=row["start_date"],
        end_date=row["end_date"],
        status=row["status"],
        reason=row["reason"],
        reason_description=row["reason_description"],
        person={"id": row["person_id"]},
        employee=omit_none(
            id=row["employee_id"],
            position=row["position"],
            speciality=row["speciality"],
            party=omit_none(
                id=row["party_id"],
                first_name=row["party_first_name"],
                last_name=row["party_last_name"],
                second_name=row["party_second_name"],
            ),
        ),
        division={"id": row["division_id"], "name": row["division_name"], "addresses": row["division_addresses"]},
        legal_entity={
            "id": row["legal_entity_id"],
            "name": row["legal_entity_name"],
            "short_name": row["legal_entity_short_name"] or row["legal_entity_name"],
        },
        inserted_at=row["inserted_at"],
        updated_at=row["updated_at"],
    )


def own_declaration(found: OwnDeclaration) -> JSON:
    """The details of a declaration for the patient: who the doctor is, where, and the text that was signed."""
    employee, party, division, entity = found.employee, found.employee.party, found.division, found.legal_entity
    confidant = found.confidant_id and {"id": found.confidant_id}
    return _dates(found.declaration) | {
        "person": omit_none(id=found.declaration.person_id, confidant_person=confidant),
        "employee": omit_none(
            id=employee.id,
            position=employee.position,
            speciality=employee.speciality,
            party=omit_none(
                id=party.id, first_name=party.first_name, last_name=party.last_name, second_name=party.second_name
            ),
        ),
        "division": {
            "id": division.id,
            "name": division.name,
            "addresses": division.addresses,
            "phones": division.phones,
        },
        "legal_entity": {"id": entity.id, "name": entity.name, "short_name": entity.edr.short_name or entity.name},
        "content": found.declaration.content,
    }


def terminated(details: DeclarationDetails) -> JSON:
    """A declaration that its patient has ended, with everything that they know of it."""
    division = details.division
    person = person_to_be_signed(details.person, details.confidants, ())
    unsaid = ("authentication_methods", "patient_signed", "process_disclosure_data_consent")
    return declaration(details) | {
        "person": {name: value for name, value in person.items() if name not in unsaid},
        "division": omit_none(
            division_short(division), addresses=division.addresses, phones=division.phones, email=division.email
        ),
        "legal_entity": omit_none(_legal_entity(details.legal_entity), license=details.legal_entity.license),
        "content": details.declaration.content,
    }


def _dates(declaration: Declaration) -> JSON:
    return omit_none(
        id=declaration.id,
        declaration_number=declaration.declaration_number,
        start_date=declaration.start_date,
        end_date=declaration.end_date,
        signed_at=declaration.signed_at,
        status=declaration.status,
        scope=declaration.scope,
        declaration_request_id=declaration.declaration_request_id,
        reason=declaration.reason,
        reason_description=declaration.reason_description,
        inserted_at=declaration.inserted_at,
        updated_at=declaration.updated_at,
    )


def _legal_entity(entity: LegalEntity) -> JSON:
    return omit_none(
        id=entity.id,
        name=entity.name,
        short_name=entity.edr.short_name or entity.name,
        legal_form=entity.edr.legal_form,
        public_name=entity.edr.public_name,
        edrpou=entity.edrpou,
        status=entity.status,
        email=entity.email,
        phones=entity.phones,
        addresses=[entity.residence_address],
    )
