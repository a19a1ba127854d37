"""The synchronous part of every change: what can be told at once is told; then the job is queued (JB-1)."""

from typing import Any

from msgspec.structs import replace

from esoz.central.people import find_person, must_be_active
from esoz.kernel import jobs
from esoz.kernel.decoding import read_signed
from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import prove
from esoz.kernel.work import Work

from .. import policy, store
from ..model import Event, NewActivity, Plan
from ..model.jobs import CREATE, CREATE_ACTIVITY, ActivityCompletion, PlanCompletion, SignedChange
from .authors import FIELD

CREATE_PATH = "/api/patients/{patient_id}/care_plans"
ACTIVITY_PATH = f"{CREATE_PATH}/{{care_plan_id}}/activities"


async def submit_plan(work: Work, change: SignedChange, *, request_id: str) -> jobs.Job:
    """Queue a signed plan. Raises NotFound, Conflict, and Rejected for a signature or content that is not good."""
    must_be_active(await find_person(work.db, change.person_id))
    return await _signed(work, CREATE, change, (Plan, CREATE_PATH), request_id)


async def submit_activity(work: Work, change: SignedChange, *, request_id: str) -> jobs.Job:
    """The same for an activity of a plan of ours."""
    must_be_active(await find_person(work.db, change.person_id))
    await _must_be_ours(work, change)
    return await _signed(work, CREATE_ACTIVITY, change, (NewActivity, ACTIVITY_PATH), request_id)


async def submit_cancel(work: Work, kind: JobKind[SignedChange], change: SignedChange, *, request_id: str) -> jobs.Job:
    """The same for taking back a plan of ours, or what it plans."""
    await _must_be_ours(work, change)
    return await _signed(work, kind, change, None, request_id)


async def submit_completion(
    work: Work, kind: JobKind[Any], change: PlanCompletion | ActivityCompletion, *, request_id: str
) -> jobs.Job:
    """Queue an end that nobody signs."""
    await _must_be_ours(work, change)
    job = await jobs.submit(work, kind, change.person_id, change, request_id=request_id)
    work.record(Event.SUBMITTED, job.id, patient_id=change.person_id, kind=kind.name)
    return job


async def _must_be_ours(work: Work, change: SignedChange | PlanCompletion | ActivityCompletion) -> None:
    assert change.id is not None  # only a new plan has none
    policy.must_be_ours(work.actor, await store.find_plan(work.db, change.person_id, change.id))
    if not isinstance(change, PlanCompletion) and change.activity_id is not None:
        await store.find_activity(work.db, change.person_id, change.id, change.activity_id)


async def _signed(
    work: Work,
    kind: JobKind[SignedChange],
    change: SignedChange,
    published: tuple[type[Any], str] | None,
    request_id: str,
) -> jobs.Job:
    proven, content = await prove(work, change.signed_data, field=FIELD)
    if published is not None:
        shape, path = published
        read_signed(content, shape, work.dependencies.schemas.signed("POST", path))
    queued = replace(change, proven=proven)
    job = await jobs.submit(work, kind, change.person_id, queued, request_id=request_id, asked=change)
    work.record(Event.SUBMITTED, job.id, patient_id=change.person_id, kind=kind.name)
    return job
