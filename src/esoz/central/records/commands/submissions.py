"""The synchronous part of every change: what can be told at once is told; then the job is queued (JB-1)."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import replace

from esoz.central.prepersons import must_be_patient
from esoz.kernel import jobs
from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import prove
from esoz.kernel.work import Work

from .. import store
from ..model.jobs import EPISODE_CREATE, SUBMITTED, EpisodeJob, RecordChange, SignedJob

C = TypeVar("C", bound=RecordChange)
S = TypeVar("S", bound=SignedJob)
E = TypeVar("E", bound=EpisodeJob)


async def submit(work: Work, kind: JobKind[C], change: C, *, request_id: str) -> jobs.Job:
    """Queue a change of a patient's record. Raises NotFound (no such patient of ours), Conflict (not active)."""
    await must_be_patient(work, change.person_id)
    return await _queue(work, kind, change, request_id)


async def submit_of_episode(work: Work, kind: JobKind[E], change: E, *, request_id: str) -> jobs.Job:
    """The same for a change of an episode. Raises NotFound also when the patient has none of this id.

    One whose creation still waits is there: the changes of a patient are performed in their order (JB-5).
    """
    await must_be_patient(work, change.person_id)
    if not await _is_being_opened(work, change.person_id, change.episode_id):
        await store.find_episode(work.db, change.person_id, change.episode_id)
    return await _queue(work, kind, change, request_id)


async def submit_signed(
    work: Work, kind: JobKind[S], change: S, read: Callable[[Mapping[str, Any]], object], *, request_id: str
) -> jobs.Job:
    """The same for a signed document. Raises Rejected or BadRequest also for a signature that is not good, and for
    content that `read` refuses: neither depends on the state of the record."""
    await must_be_patient(work, change.person_id)
    proven, content = await prove(work, change.package.signed_data, field="$.signed_data")
    read(content)
    return await _queue(work, kind, replace(change, proven=proven), request_id, asked=change)


async def _queue(work: Work, kind: JobKind[C], change: C, request_id: str, *, asked: C | None = None) -> jobs.Job:
    job = await jobs.submit(work, kind, change.person_id, change, request_id=request_id, asked=asked)
    work.record(SUBMITTED[kind.name], job.id, patient_id=change.person_id)
    return job


async def _is_being_opened(work: Work, person_id: UUID, episode_id: UUID) -> bool:
    waiting = await jobs.waiting(work.db, EPISODE_CREATE, person_id)
    return any(each.episode.id == episode_id for each in waiting)
