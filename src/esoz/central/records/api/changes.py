"""Operations that change a record: each answers 202 with a job, and the job tells how it went."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from esoz.kernel.jobs import JobKind
from esoz.kernel.operation import Call, Reply

from .. import commands, queries, wire
from ..model import jobs
from ..model.episode import NewEpisode
from .registry import operations

E = TypeVar("E", bound=jobs.EpisodeJob)
S = TypeVar("S", bound=jobs.SignedJob)


@operations.add("API-007-034-0001", "GET /api/jobs/{id}", scope="job:read")
async def get_job(call: Call) -> Reply:
    return wire.job(await queries.job(call.work, call.text("id")))


@operations.add("API-007-027-0007", "POST /api/patients/{id}/episodes", scope="episode:write")
async def create_episode(call: Call) -> Reply:
    change = jobs.CreateEpisode(person_id=call.id("id"), episode=call.body(NewEpisode))
    job = await commands.submit(call.work, jobs.EPISODE_CREATE, change, request_id=_request_id(call))
    return wire.accepted(job)


@operations.add("API-007-027-0011", "PATCH /api/patients/{patient_id}/episodes/{episode_id}", scope="episode:write")
async def update_episode(call: Call) -> Reply:
    body = call.body(jobs.EpisodeChange)
    change = jobs.UpdateEpisode(person_id=call.id("patient_id"), episode_id=call.id("episode_id"), change=body)
    return await _of_episode(call, jobs.EPISODE_UPDATE, change)


@operations.add(
    "API-007-027-0012", "PATCH /api/patients/{patient_id}/episodes/{episode_id}/actions/close", scope="episode:write"
)
async def close_episode(call: Call) -> Reply:
    body = call.body(jobs.Closing)
    change = jobs.CloseEpisode(person_id=call.id("patient_id"), episode_id=call.id("episode_id"), closing=body)
    return await _of_episode(call, jobs.EPISODE_CLOSE, change)


@operations.add(
    "API-007-027-0013", "PATCH /api/patients/{patient_id}/episodes/{episode_id}/actions/cancel", scope="episode:write"
)
async def cancel_episode(call: Call) -> Reply:
    body = call.body(jobs.EpisodeCancellation)
    change = jobs.CancelEpisode(person_id=call.id("patient_id"), episode_id=call.id("episode_id"), cancellation=body)
    return await _of_episode(call, jobs.EPISODE_CANCEL, change)


@operations.add(
    "post_api_patients_ID_encounter_package", "POST /api/patients/{id}/encounter_package", scope="encounter:write"
)
async def create_package(call: Call) -> Reply:
    change = jobs.CreatePackage(person_id=call.id("id"), package=call.body(jobs.SignedPackage))
    return await _signed(call, jobs.PACKAGE_CREATE, change, wire.read_package)


@operations.add(
    "patch_api_patients_ID_encounter_package", "PATCH /api/patients/{id}/encounter_package", scope="encounter:cancel"
)
async def cancel_package(call: Call) -> Reply:
    return await _signed(call, jobs.PACKAGE_CANCEL, _change(call), wire.read_cancellation)


@operations.add(
    "post_api_patients_ID_diagnostic_report_package",
    "POST /api/patients/{id}/diagnostic_report_package",
    scope="diagnostic_report:write",
)
async def create_report(call: Call) -> Reply:
    return await _signed(call, jobs.REPORT_CREATE, _change(call), wire.read_report)


@operations.add(
    "patch_api_patients_ID_diagnostic_report_package",
    "PATCH /api/patients/{id}/diagnostic_report_package",
    scope="diagnostic_report:cancel",
)
async def cancel_report(call: Call) -> Reply:
    return await _signed(call, jobs.REPORT_CANCEL, _change(call), wire.read_report_cancellation)


def _change(call: Call) -> jobs.SignedChange:
    return jobs.SignedChange(person_id=call.id("id"), package=call.body(jobs.SignedRecords))


async def _of_episode(call: Call, kind: JobKind[E], change: E) -> Reply:
    return wire.accepted(await commands.submit_of_episode(call.work, kind, change, request_id=_request_id(call)))


async def _signed(call: Call, kind: JobKind[S], change: S, read: Callable[[Mapping[str, Any]], object]) -> Reply:
    return wire.accepted(await commands.submit_signed(call.work, kind, change, read, request_id=_request_id(call)))


def _request_id(call: Call) -> str:
    return call.headers.get("x-request-id", "")
