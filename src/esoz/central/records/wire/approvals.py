"""Approvals as published."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.people import mask_phone
from esoz.kernel.fhir import RESOURCES, concept, reference

from ..model.approval import Approval
from ..model.documents import Names

Document = Mapping[str, Any]


class ApprovalsQuery(msgspec.Struct, frozen=True):
    """What a list of approvals is narrowed by."""

    granted_to: UUID | None = None
    granted_resources: UUID | None = None
    granted_resource_type: str | None = None
    is_verified: bool | None = None
    reason: UUID | None = None
    is_expired: bool | None = None
    access_level: str | None = None


class Verification(msgspec.Struct, frozen=True):
    """The code that the patient tells."""

    code: int


def given_filters(query: ApprovalsQuery) -> Mapping[str, object]:
    """What was given of the parameters."""
    return {name: value for name, value in msgspec.structs.asdict(query).items() if value is not None}


def approval(found: Approval, names: Names) -> Document:
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
    if found.authorize_with is not None:
        shown["authorize_with"] = found.authorize_with
    number = {"number": mask_phone(found.phone)} if found.phone else {}
    shown["authentication_method_current"] = {"type": found.method, **number}
    return shown


def _employee(id: UUID, names: Names) -> Document:
    shown: Document = msgspec.to_builtins(reference("employee", id, names.get(("employee", id), "")))
    return shown
