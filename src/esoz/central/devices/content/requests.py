"""A request as its readers are shown it: over what they saw they sign that it is taken back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.records import with_names
from esoz.kernel.fhir import reference
from esoz.kernel.payload import JSON, omit_none
from esoz.kernel.references import Target

from ..model import Request
from ..model.requests import dispense_valid_to

OWN = ("status", "status_reason")  # what a document of taking back says otherwise than the request that it takes back


def request_document(
    content: Mapping[str, Any], request: Mapping[str, Any], names: Mapping[Target, str], subject_id: UUID
) -> JSON:
    """What was signed, with the words of our registers and what the server adds."""
    clinic = "legal_entity", request["legal_entity_id"]
    added = {
        "subject": reference("patient", subject_id, ""),
        "requester_legal_entity": reference(*clinic, names.get(clinic, "")),
        "requisition": request["requisition"],
        "dispense_valid_to": dispense_valid_to(request["last_day"]),
    }
    whole: JSON = with_names({name: value for name, value in content.items() if value is not None}, names)
    return whole | dict(msgspec.to_builtins(added))


def shown_request(request: Request) -> JSON:
    """`Device_Request_Response_Base`."""
    return dict(request.document) | omit_none(
        {
            "status": request.status,
            "status_reason": request.status_reason,
            "inserted_at": request.inserted_at,
            "updated_at": request.updated_at,
        }
    )


def lasting(content: Mapping[str, Any]) -> JSON:
    """What of a request stays while its end is being signed: all but how it ends, and how many are left."""
    left_out = {*OWN, "remaining_quantity", "updated_at"}
    return {name: value for name, value in content.items() if name not in left_out}


def expected(request: Request) -> JSON:
    """The request as the document that takes it back must tell it."""
    return lasting(msgspec.to_builtins(shown_request(request)))
