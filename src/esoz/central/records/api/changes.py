"""Operations that change a record: each answers 202 with a job, and the job tells how it went."""

from collections.abc import Mapping

from esoz.kernel import jobs
from esoz.kernel.errors import NotFound
from esoz.kernel.operation import Call, Reply

from .. import commands, job_handlers, wire
from ..model import Event
from ..model.episode import NewEpisode
from .registry import operations


@operations.add("API-007-034-0001", "GET /api/jobs/{id}", scope="job:read")
async def get_job(call: Call) -> Reply:
    found = await jobs.find(call.work.db, call.text("id"), call.work.actor.client_id)
    if found is None:
        raise NotFound()
    call.work.record(Event.JOB_VIEWED, found.id)
    return wire.job(found)


@operations.add("API-007-027-0007", "POST /api/patients/{id}/episodes", scope="episode:write")
async def create_episode(call: Call) -> Reply:
    payload = {"episode": call.body(NewEpisode)}
    return await _submitted(call, job_handlers.EPISODE_CREATE, "id", payload)


@operations.add("API-007-027-0011", "PATCH /api/patients/{patient_id}/episodes/{episode_id}", scope="episode:write")
async def update_episode(call: Call) -> Reply:
    payload = {"episode_id": call.id("episode_id"), "change": call.body(wire.EpisodeChange)}
    return await _submitted(call, job_handlers.EPISODE_UPDATE, "patient_id", payload)


@operations.add(
    "API-007-027-0012", "PATCH /api/patients/{patient_id}/episodes/{episode_id}/actions/close", scope="episode:write"
)
async def close_episode(call: Call) -> Reply:
    payload = {"episode_id": call.id("episode_id"), "closing": call.body(wire.Closing)}
    return await _submitted(call, job_handlers.EPISODE_CLOSE, "patient_id", payload)


@operations.add(
    "API-007-027-0013", "PATCH /api/patients/{patient_id}/episodes/{episode_id}/actions/cancel", scope="episode:write"
)
async def cancel_episode(call: Call) -> Reply:
    payload = {"episode_id": call.id("episode_id"), "cancellation": call.body(wire.Cancellation)}
    return await _submitted(call, job_handlers.EPISODE_CANCEL, "patient_id", payload)


@operations.add(
    "post_api_patients_ID_encounter_package", "POST /api/patients/{id}/encounter_package", scope="encounter:write"
)
async def create_package(call: Call) -> Reply:
    payload = {"package": call.body(wire.PackageRequest)}
    return await _submitted(call, job_handlers.PACKAGE_CREATE, "id", payload)


@operations.add(
    "patch_api_patients_ID_encounter_package", "PATCH /api/patients/{id}/encounter_package", scope="encounter:cancel"
)
async def cancel_package(call: Call) -> Reply:
    payload = {"package": call.body(wire.SignedRequest)}
    return await _submitted(call, job_handlers.PACKAGE_CANCEL, "id", payload)


@operations.add(
    "post_api_patients_ID_diagnostic_report_package",
    "POST /api/patients/{id}/diagnostic_report_package",
    scope="diagnostic_report:write",
)
async def create_report(call: Call) -> Reply:
    payload = {"package": call.body(wire.SignedRequest)}
    return await _submitted(call, job_handlers.REPORT_CREATE, "id", payload)


@operations.add(
    "patch_api_patients_ID_diagnostic_report_package",
    "PATCH /api/patients/{id}/diagnostic_report_package",
    scope="diagnostic_report:cancel",
)
async def cancel_report(call: Call) -> Reply:
    payload = {"package": call.body(wire.SignedRequest)}
    return await _submitted(call, job_handlers.REPORT_CANCEL, "id", payload)


_EVENTS = {
    job_handlers.PACKAGE_CREATE: Event.PACKAGE_SUBMITTED,
    job_handlers.PACKAGE_CANCEL: Event.PACKAGE_CANCEL_SUBMITTED,
    job_handlers.REPORT_CREATE: Event.REPORT_SUBMITTED,
    job_handlers.REPORT_CANCEL: Event.REPORT_CANCEL_SUBMITTED,
}


async def _submitted(call: Call, kind: str, patient: str, payload: Mapping[str, object]) -> Reply:
    event = _EVENTS.get(kind, Event.EPISODE_SUBMITTED)
    request_id = call.headers.get("x-request-id", "")
    job = await commands.submit(call.work, kind, call.id(patient), payload, event=event, request_id=request_id)
    return wire.accepted(job)
