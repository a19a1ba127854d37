"""A referral as everybody reads it; this very document is signed when it is recalled or cancelled, so it is law."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.fhir import CodeableConcept, reference
from esoz.kernel.payload import JSON, without_nulls
from esoz.kernel.references import Target

from .model import ServiceRequest, Status


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed recall or cancellation adds to the referral."""

    status_reason: CodeableConcept
    explanatory_letter: str | None = None


def shown(request: ServiceRequest) -> JSON:
    """A referral as published."""
    content = {name: value for name, value in request.content.items() if name not in ("id", "status")}
    whole: dict[str, Any] = {
        **content,
        "id": request.id,
        "requisition": request.requisition,
        "status": request.status,
        "status_history": request.history.status,
        "status_reason": request.status_reason,
        "subject": reference("patient", request.person_id, ""),
        "remaining_quantity": _remaining(request),
        "program_processing_status": request.program_processing_status,
        "program_processing_status_history": request.history.processing or None,
        "program_service": request.program_service,
        "expiration_date": request.expires_at,
        "completed_with": request.completed_with,
        "used_by_legal_entity_history": request.history.legal_entities or None,
        "used_by_employee_history": request.history.employees or None,
        "inserted_at": request.inserted_at,
        "updated_at": request.updated_at,
        **_users(request),
    }
    plain: JSON = without_nulls(msgspec.to_builtins(whole))
    plain.setdefault("reason_reference", [])
    return plain


def _remaining(request: ServiceRequest) -> Mapping[str, Any] | None:
    """How many of the services are to be given still: all of them until the referral is answered."""
    asked: Mapping[str, Any] | None = request.content.get("quantity")
    if asked is None:
        return None
    return {**asked, "value": 0} if request.status is Status.COMPLETED else asked


def _users(request: ServiceRequest) -> Mapping[str, Any]:
    """Who uses it now: the last lines of the histories, unless it was given back."""
    found: dict[str, Any] = {}
    if request.used_by_legal_entity_id is not None and request.history.legal_entities:
        found["used_by_legal_entity"] = request.history.legal_entities[-1]["used_by_legal_entity"]
    if request.used_by_employee_id is not None and request.history.employees:
        found["used_by_employee"] = request.history.employees[-1]["used_by_employee"]
    return found


def kept(content: Mapping[str, Any], names: Mapping[Target, str]) -> Mapping[str, Any]:
    """What of a signed referral is kept: as it was signed, with the words of our registers in its references."""
    return {name: _named(value, names) for name, value in content.items() if value is not None and value != []}


def _named(node: Any, names: Mapping[Target, str]) -> Any:
    if isinstance(node, list):
        return [_named(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    identifier = node.get("identifier")
    if isinstance(identifier, dict):
        kind = identifier["type"]["coding"][0]["code"]
        return {"identifier": identifier, "display_value": names.get((kind, UUID(identifier["value"])), "")}
    return {name: _named(value, names) for name, value in node.items()}
