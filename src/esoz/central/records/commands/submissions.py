"""The synchronous part of every change: the patient is there and active, then the job is queued (JB-1)."""

from collections.abc import Mapping
from uuid import UUID

from esoz.central.people import find_person, must_be_active
from esoz.kernel import jobs
from esoz.kernel.work import Work

from ..model import Event


async def submit(
    work: Work, kind: str, person_id: UUID, payload: Mapping[str, object], *, event: Event, request_id: str
) -> jobs.Job:
    """Queue a change of a patient's record. Raises NotFound (no such patient), Conflict (not active)."""
    must_be_active(await find_person(work.db, person_id))
    job = await jobs.submit(work, kind, person_id, {"person_id": person_id, **payload}, request_id=request_id)
    work.record(event, job.id, patient_id=person_id)
    return job
