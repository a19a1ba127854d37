"""The synchronous part of every change: what can be told at once is told; then the job is queued (JB-1)."""

from typing import TypeVar

from msgspec.structs import replace

from esoz.central.prepersons import must_be_patient
from esoz.kernel import jobs
from esoz.kernel.decoding import read_signed
from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import prove
from esoz.kernel.work import Work

from .. import policy, store
from ..model import Event, Order
from ..model.jobs import CREATE, Change, SignedEnd, SignedOrder

C = TypeVar("C", bound=Change)

FIELD = "$.signed_data"
CREATE_PATH = "/api/patients/{patient_id}/service_requests"


async def submit_order(work: Work, order: SignedOrder, *, request_id: str) -> jobs.Job:
    """Queue a signed referral.

    Raises NotFound (no such patient of ours), Conflict (not active), Rejected or BadRequest for a signature that is not
    good and for content that has not the published shape: neither depends on the state of the record.
    """
    await must_be_patient(work, order.person_id)
    proven, content = await prove(work, order.signed_data, field=FIELD)
    read_signed(content, Order, work.dependencies.schemas.signed("POST", CREATE_PATH))
    job = await jobs.submit(
        work, CREATE, order.person_id, replace(order, proven=proven), request_id=request_id, asked=order
    )
    work.record(Event.CREATE_SUBMITTED, job.id, patient_id=order.person_id)
    return job


async def submit_end(work: Work, kind: JobKind[SignedEnd], end: SignedEnd, *, request_id: str) -> jobs.Job:
    """Queue a signed recall or cancellation of a referral of our clinic. Raises NotFound, Rejected, BadRequest."""
    request = await store.find(work.db, end.person_id, end.id)
    policy.must_be_written_here(work.actor, request)
    proven, _ = await prove(work, end.signed_data, field=FIELD)
    job = await jobs.submit(work, kind, end.person_id, replace(end, proven=proven), request_id=request_id, asked=end)
    work.record(Event.CHANGE_SUBMITTED, end.id, patient_id=end.person_id, kind=kind.name)
    return job


async def submit_change(work: Work, kind: JobKind[C], change: C, *, request_id: str) -> jobs.Job:
    """Queue what a performer does with a referral; whether they may is judged when its turn comes."""
    job = await jobs.submit(work, kind, change.person_id, change, request_id=request_id)
    work.record(Event.CHANGE_SUBMITTED, change.id, patient_id=change.person_id, kind=kind.name)
    return job
