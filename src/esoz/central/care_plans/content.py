"""A plan and an activity as everybody reads them; these very documents are signed when they are cancelled."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from esoz.kernel.fhir import reference
from esoz.kernel.payload import JSON, number, without_nulls

from .model import Activity, CarePlan
from .model.activities import FOR_REQUEST, UNITS


def shown(plan: CarePlan, clinic: str) -> JSON:
    """A plan as published; `clinic` is the name of who keeps it."""
    whole = {
        **plan.content,
        "id": plan.id,
        "status": plan.status,
        "subject": reference("patient", plan.person_id, ""),
        "managing_organization": reference("legal_entity", plan.legal_entity_id, clinic),
        "status_history": plan.history,
        "requisition": plan.requisition,
        "inserted_at": plan.inserted_at,
        "inserted_by": plan.inserted_by,
        "updated_at": plan.updated_at,
        "updated_by": plan.updated_by,
    }
    plain: JSON = without_nulls(msgspec.to_builtins(whole))
    return plain


def shown_activity(activity: Activity) -> JSON:
    """An activity as published, with what is left of it."""
    detail: dict[str, Any] = {
        **activity.content["detail"],
        "status": activity.status,
        "status_reason": activity.status_reason,
        "remaining_quantity": _remaining(activity),
        "remaining_quantity_type": FOR_REQUEST,
    }
    whole = {
        **activity.content,
        "id": activity.id,
        "detail": detail,
        "outcome_codeable_concept": activity.outcome,
        "inserted_at": activity.inserted_at,
        "inserted_by": activity.inserted_by,
        "updated_at": activity.updated_at,
        "updated_by": activity.updated_by,
    }
    plain: JSON = without_nulls(msgspec.to_builtins(whole))
    return plain


def _remaining(activity: Activity) -> Mapping[str, Any] | None:
    left: Decimal | None = activity.remaining
    if left is None:
        return None
    planned = activity.content["detail"]["quantity"]
    return {"system": UNITS[activity.kind], **planned, "value": number(left)}


def without_reason(content: Mapping[str, Any]) -> JSON:
    """What a signed cancellation of an activity says of the activity itself."""
    detail = {name: value for name, value in content.get("detail", {}).items() if name != "status_reason"}
    return {**content, "detail": detail}
