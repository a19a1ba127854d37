"""Declarations as published."""

from datetime import date
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.central.dictionaries import given
from esoz.central.organisations import LegalEntity, division_short
from esoz.central.people import authentication_method_current, person_for_declaration
from esoz.central.workforce import employee_short
from esoz.kernel.db import Row

from .model import Declaration
from .queries import Whole

JSON: TypeAlias = dict[str, object]


class DeclarationsQuery(msgspec.Struct, frozen=True):
    employee_id: UUID | None = None
    legal_entity_id: UUID | None = None
    status: str | None = None
    declaration_number: str | None = None
    reason: str | None = None


class OwnDeclarationsQuery(msgspec.Struct, frozen=True):
    status: str | None = None
    start_date_from: date | None = None
    start_date_to: date | None = None
    end_date_from: date | None = None
    end_date_to: date | None = None


def declaration_in_list(row: Row) -> JSON:
    """A declaration in the clinic's list."""
    return given(
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
        person=given(
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


def declaration(whole: Whole) -> JSON:
    """The details of a declaration with everyone in it."""
    return _dates(whole.declaration) | {
        "person": person_for_declaration(whole.person, whole.confidants),
        "employee": employee_short(whole.employee),
        "division": division_short(whole.division),
        "legal_entity": _legal_entity(whole.legal_entity),
    }


def urgent(whole: Whole) -> JSON:
    """How the person authenticates, the phone masked."""
    return {"authentication_method_current": authentication_method_current(whole.method)}


def own_declaration_in_list(row: Row) -> JSON:
    """A declaration in the patient's list: ids only, as published."""
    return given(
        id=row["id"],
        declaration_number=row["declaration_number"],
        start_date=row["start_date"],
        end_date=row["end_date"],
        status=row["status"],
        reason=row["reason"],
        reason_description=row["reason_description"],
        person={"id": row["person_id"]},
        employee={"id": row["employee_id"]},
        division={"id": row["division_id"]},
        legal_entity={"id": row["legal_entity_id"]},
        inserted_at=row["inserted_at"],
        updated_at=row["updated_at"],
    )


def own_declaration(declaration: Declaration, confidant_id: UUID | None) -> JSON:
    """The details of a declaration for the patient, with the text that was signed."""
    return _dates(declaration) | {
        "person": given(id=declaration.person_id, confidant_person=confidant_id and {"id": confidant_id}),
        "employee": {"id": declaration.employee_id},
        "division": {"id": declaration.division_id},
        "legal_entity": {"id": declaration.legal_entity_id},
        "content": declaration.content,
    }


def _dates(declaration: Declaration) -> JSON:
    return given(
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
    return given(
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
