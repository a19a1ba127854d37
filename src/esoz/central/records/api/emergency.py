"""Whom to call when something of a patient's record worries its doctor."""

from collections.abc import Mapping

import msgspec

from esoz.kernel.errors import NotFound
from esoz.kernel.operation import Call, Reply

from .. import queries
from ..model import Kind
from ..model.kinds import CONDITIONS, DIAGNOSTIC_REPORTS
from .registry import operations

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (CONDITIONS, DIAGNOSTIC_REPORTS)}


@operations.add(
    "get_api_patients_ID_ID_ID_emergency_contact",
    "GET /api/patients/{patient_id}/{medical_event_type}/{medical_event_id}/emergency_contact",
    scope="person_emergency_contact:read",
)
async def get_contact(call: Call) -> Reply:
    kind = KINDS.get(call.text("medical_event_type"))
    if kind is None:
        raise NotFound()
    contact = await queries.emergency_contact(call.work, kind, call.id("patient_id"), call.id("medical_event_id"))
    return Reply({"first_name": contact.first_name, "phones": msgspec.to_builtins(contact.phones)})
