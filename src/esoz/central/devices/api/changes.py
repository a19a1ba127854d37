"""Operations that change requests: each answers 202 with a job, and the job tells how it went."""

from esoz.central.records import accepted
from esoz.kernel.jobs import JobKind
from esoz.kernel.operation import Call, Reply

from ..commands import submissions
from ..model import jobs
from ..wire import requests as wire
from .registry import operations

ONE = "/api/patients/{patient_id}/device_requests/{device_request_id}"


@operations.add(wire.CREATE, "POST /api/patients/{patient_id}/device_requests", scope="device_request:write")
async def create(call: Call) -> Reply:
    change = jobs.SignedChange(person_id=call.id("patient_id"), signed_data=call.body(jobs.SignedData).signed_data)
    return accepted(await submissions.submit_new(call.work, jobs.CREATE, change, wire.read_order, _request_id(call)))


@operations.add(
    "patch_api_patients_ID_device_requests_ID_actions_revoke",
    f"PATCH {ONE}/actions/revoke",
    scope="device_request:revoke",
)
async def revoke(call: Call) -> Reply:
    return await _signed(call, jobs.REVOKE)


@operations.add(
    "patch_api_patients_ID_device_requests_ID_actions_mark_in_error",
    f"PATCH {ONE}/actions/mark_in_error",
    scope="device_request:mark_in_error",
)
async def mark_in_error(call: Call) -> Reply:
    return await _signed(call, jobs.MARK_IN_ERROR)


@operations.add(
    "patch_api_patients_ID_device_requests_ID_actions_resend",
    f"PATCH {ONE}/actions/resend",
    scope="device_request:resend",
)
async def resend(call: Call) -> Reply:
    return await _plain(call, jobs.RESEND)


@operations.add(
    "patch_api_patients_ID_device_requests_ID_actions_complete",
    f"PATCH {ONE}/actions/complete",
    scope="device_request:complete",
)
async def complete(call: Call) -> Reply:
    return await _plain(call, jobs.COMPLETE)


async def _signed(call: Call, kind: JobKind[jobs.SignedChange]) -> Reply:
    change = jobs.SignedChange(
        person_id=call.id("patient_id"),
        id=call.id("device_request_id"),
        signed_data=call.body(jobs.SignedData).signed_data,
    )
    return accepted(await submissions.submit_signed(call.work, kind, change, _request_id(call)))


async def _plain(call: Call, kind: JobKind[jobs.Change]) -> Reply:
    change = jobs.Change(person_id=call.id("patient_id"), id=call.id("device_request_id"))
    return accepted(await submissions.submit(call.work, kind, change, (change.person_id, change.id), _request_id(call)))


def _request_id(call: Call) -> str:
    return call.headers.get("x-request-id", "")
