"""Operations that write: the number at once, everything else by a job that tells how it went."""

from esoz.kernel.operation import Call, Reply

from .. import commands, wire
from ..model import jobs
from ..model.filters import TitleQuery
from .registry import operations

OF_PATIENT = "/api/patients/{patient_id}/compositions"
WRITE = "composition:write"


@operations.add(
    "post_api_patients_ID_composition_title", "POST /api/patients/{patient_id}/composition_title", scope=WRITE
)
async def reserve_title(call: Call) -> Reply:
    title = await commands.reserve_title(call.work, call.id("patient_id"), call.query(TitleQuery))
    return Reply({"title": title}, status=202)


@operations.add("post_api_patients_ID_compositions", f"POST {OF_PATIENT}", scope=WRITE)
async def create(call: Call) -> Reply:
    draft = jobs.SignedDraft(person_id=call.id("patient_id"), signed_data=call.body(jobs.SignedBody).signed_data)
    return wire.accepted(await commands.submit_draft(call.work, draft, request_id=_request_id(call)))


@operations.add(
    "API-007-009-0014", f"PATCH {OF_PATIENT}/{{id}}/actions/mark_in_error", scope="composition:mark_in_error"
)
async def mark_in_error(call: Call) -> Reply:
    mark = jobs.SignedMark(
        person_id=call.id("patient_id"), id=call.id("id"), signed_data=call.body(jobs.SignedBody).signed_data
    )
    return wire.accepted(await commands.submit_mark(call.work, mark, request_id=_request_id(call)))


@operations.add(
    "API-007-009-0013", f"PATCH {OF_PATIENT}/{{composition_id}}/actions/resend", scope="composition:resend_sms"
)
async def resend(call: Call) -> Reply:
    wanted = jobs.Resend(person_id=call.id("patient_id"), id=call.id("composition_id"))
    return wire.accepted(await commands.submit_resend(call.work, wanted, request_id=_request_id(call)))


def _request_id(call: Call) -> str:
    return call.headers.get("x-request-id", "")
