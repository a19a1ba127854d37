"""Approvals as published."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.organisations import LegalEntity
from esoz.central.people import mask_phone
from esoz.kernel.fhir import RESOURCES, concept, reference

from .model import REFERRAL, Approval

Document = Mapping[str, Any]


class Verification(msgspec.Struct, frozen=True):
    """The code that the patient tells."""

    code: int


def approval(found: Approval, names: Mapping[UUID, str]) -> Document:
    """An approval with the way the patient confirms it, the phone masked."""
    resources = list(found.resources)
    if found.whole_patient:
        resources.append(reference("patient", found.person_id, ""))
    shown: dict[str, Any] = {
        "id": found.id,
        "granted_resources": msgspec.to_builtins(resources),
        "granted_resource_types": [msgspec.to_builtins(concept(RESOURCES, kind)) for kind in found.resource_types],
        "granted_to": _employee(found.granted_to_id, names),
        "expires_at": found.expires_at,
        "is_verified": found.is_verified,
        "access_level": found.access_level,
        "status": found.status,
    }
    if found.created_by_id is not None:
        shown["created_by"] = _employee(found.created_by_id, names)
    if found.reason is not None:
        shown["reason"] = msgspec.to_builtins(reference(REFERRAL, found.reason, ""))
    if found.authorize_with is not None:
        shown["authorize_with"] = found.authorize_with
    number = {"number": mask_phone(found.phone)} if found.phone else {}
    shown["authentication_method_current"] = {"type": found.method, **number}
    return shown


def own_approval(found: Approval, names: Mapping[UUID, str], clinics: Mapping[UUID, LegalEntity]) -> Document:
    """The same for the patient: with the clinic, and since when."""
    clinic = clinics[found.legal_entity_id]
    legal_entity = {"id": clinic.id, "name": clinic.name}
    return {**approval(found, names), "legal_entity": legal_entity, "inserted_at": found.inserted_at}


def _employee(id: UUID, names: Mapping[UUID, str]) -> Document:
    shown: Document = msgspec.to_builtins(reference("employee", id, names.get(id, "")))
    return shown
