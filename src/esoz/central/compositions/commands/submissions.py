"""The synchronous part of every change: what can be told at once is told; then the job is queued (JB-1)."""

from msgspec.structs import replace

from esoz.central.prepersons import must_be_patient
from esoz.kernel import jobs
from esoz.kernel.decoding import read_signed
from esoz.kernel.signed import prove
from esoz.kernel.work import Work

from .. import policy, store
from ..model import Event
from ..model.compositions import must_be_resendable
from ..model.drafts import Draft
from ..model.jobs import CREATE, MARK_IN_ERROR, RESEND, Resend, SignedDraft, SignedMark

FIELD = "$.signed_data"
CREATE_PATH = "/api/patients/{patient_id}/compositions"


async def submit_draft(work: Work, draft: SignedDraft, *, request_id: str) -> jobs.Job:
    """Queue a signed conclusion.

    Raises NotFound (no such patient of ours), Conflict (not active), Rejected or BadRequest for a signature that is not
    good and for content that has not the published shape: neither depends on the state of the record.
    """
    await must_be_patient(work, draft.person_id)
    proven, content = await prove(work, draft.signed_data, field=FIELD)
    read_signed(content, Draft, work.dependencies.schemas.signed("POST", CREATE_PATH))
    job = await jobs.submit(
        work, CREATE, draft.person_id, replace(draft, proven=proven), request_id=request_id, asked=draft
    )
    work.record(Event.CREATE_SUBMITTED, job.id, patient_id=draft.person_id)
    return job


async def submit_mark(work: Work, mark: SignedMark, *, request_id: str) -> jobs.Job:
    """Queue a signed mark in error of a conclusion of our clinic. Raises NotFound, Rejected, BadRequest."""
    policy.must_be_ours(work.actor, await store.find(work.db, mark.person_id, mark.id))
    proven, _ = await prove(work, mark.signed_data, field=FIELD)
    job = await jobs.submit(
        work, MARK_IN_ERROR, mark.person_id, replace(mark, proven=proven), request_id=request_id, asked=mark
    )
    work.record(Event.CHANGE_SUBMITTED, mark.id, patient_id=mark.person_id, kind=MARK_IN_ERROR.name)
    return job


async def submit_resend(work: Work, wanted: Resend, *, request_id: str) -> jobs.Job:
    """Queue another message with the number of a conclusion of our clinic. Raises NotFound, Conflict."""
    found = await store.find(work.db, wanted.person_id, wanted.id)
    policy.must_be_ours(work.actor, found)
    must_be_resendable(found)
    job = await jobs.submit(work, RESEND, wanted.person_id, wanted, request_id=request_id)
    work.record(Event.CHANGE_SUBMITTED, wanted.id, patient_id=wanted.person_id, kind=RESEND.name)
    return job
