"""Dispenses of devices by pharmacies: each change answers 202 with a job, and the job tells how it went."""

from msgspec.structs import replace

from esoz.central.records import accepted, filters, record
from esoz.kernel.jobs import JobKind
from esoz.kernel.operation import Call, Paging, Reply

from ..commands import submissions
from ..model import jobs
from ..model.dispenses import Handover
from ..queries import dispenses as queries
from .registry import operations

ONE = "/api/patients/{patient_id}/device_dispenses/{device_dispense_id}"
LIST = "get_api_device_dispenses"


@operations.add(LIST, "GET /api/device_dispenses", scope="device_dispense:read")
async def list_own(call: Call) -> Reply:
    wanted, page = filters(call, LIST), call.page()
    paged = await queries.own_dispenses(call.work, wanted, page)
    return Reply([record(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add(
    "post_api_patients_ID_device_dispenses",
    "POST /api/patients/{patient_id}/device_dispenses",
    scope="device_dispense:write",
)
async def create(call: Call) -> Reply:
    asked = call.body(Handover)
    change = jobs.NewDispense(person_id=call.id("patient_id"), handover=replace(asked, verification_code=None))
    return accepted(
        await submissions.submit_dispense(call.work, change, asked.verification_code or "", _request_id(call))
    )


@operations.add(
    "patch_api_patients_ID_device_dispenses_ID_actions_complete",
    f"PATCH {ONE}/actions/complete",
    scope="device_dispense:complete",
)
async def complete(call: Call) -> Reply:
    return await _signed(call, jobs.DISPENSE_COMPLETE)


@operations.add(
    "patch_api_patients_ID_device_dispenses_ID_actions_mark_in_error",
    f"PATCH {ONE}/actions/mark_in_error",
    scope="device_dispense:mark_in_error",
)
async def mark_in_error(call: Call) -> Reply:
    return await _signed(call, jobs.DISPENSE_MARK_IN_ERROR)


@operations.add(
    "patch_api_patients_ID_device_dispenses_ID_actions_stop",
    f"PATCH {ONE}/actions/stop",
    scope="device_dispense:stop",
)
async def stop(call: Call) -> Reply:
    change = jobs.Change(person_id=call.id("patient_id"), id=call.id("device_dispense_id"))
    return accepted(await submissions.submit_stop(call.work, change, _request_id(call)))


async def _signed(call: Call, kind: JobKind[jobs.SignedChange]) -> Reply:
    change = jobs.SignedChange(
        person_id=call.id("patient_id"),
        id=call.id("device_dispense_id"),
        signed_data=call.body(jobs.SignedData).signed_data,
    )
    return accepted(await submissions.submit_signed_dispense(call.work, kind, change, _request_id(call)))


def _request_id(call: Call) -> str:
    return call.headers.get("x-request-id", "")
