"""The synchronous part of every change: the patient is there and active, then the job is queued (JB-1)."""

from typing import TypeVar

from esoz.central.people import find_person, must_be_active
from esoz.kernel import jobs
from esoz.kernel.jobs import JobKind
from esoz.kernel.work import Work

from ..model.jobs import SUBMITTED, RecordChange

C = TypeVar("C", bound=RecordChange)


async def submit(work: Work, kind: JobKind[C], change: C, *, request_id: str) -> jobs.Job:
    """Queue a change of a patient's record. Raises NotFound (no such patient), Conflict (not active)."""
    must_be_active(await find_person(work.db, change.person_id))
    job = await jobs.submit(work, kind, change.person_id, change, request_id=request_id)
    work.record(SUBMITTED[kind.name], job.id, patient_id=change.person_id)
    return job
