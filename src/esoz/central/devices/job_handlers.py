"""The jobs of this context: typed body → command → a link to the request."""

from uuid import UUID

from esoz.kernel.jobs import Done, JobHandlers, Link
from esoz.kernel.signed import Opened, open_signed
from esoz.kernel.work import Work

from .commands import changes, dispenses, requests
from .model import Request, jobs
from .model.dispenses import Dispense
from .wire.requests import read_order

job_handlers = JobHandlers()


@job_handlers.add(jobs.CREATE)
async def create(work: Work, job: jobs.SignedChange) -> Done:
    signed = await _opened(work, job)
    order = read_order(signed.content, is_checked=job.proven is not None)
    return _of(await requests.create(work, job.person_id, order, signed))


@job_handlers.add(jobs.REVOKE)
async def revoke(work: Work, job: jobs.SignedChange) -> Done:
    return _of(await changes.revoke(work, job.person_id, _id(job), await _opened(work, job)))


@job_handlers.add(jobs.MARK_IN_ERROR)
async def mark_in_error(work: Work, job: jobs.SignedChange) -> Done:
    return _of(await changes.mark_in_error(work, job.person_id, _id(job), await _opened(work, job)))


@job_handlers.add(jobs.RESEND)
async def resend(work: Work, job: jobs.Change) -> Done:
    return _of(await changes.resend(work, job.person_id, job.id))


@job_handlers.add(jobs.COMPLETE)
async def complete(work: Work, job: jobs.Change) -> Done:
    return _of(await changes.complete(work, job.person_id, job.id))


async def _opened(work: Work, job: jobs.SignedChange) -> Opened:
    return await open_signed(work, job.signed_data, field=requests.FIELD, proven=job.proven)


def _id(job: jobs.SignedChange) -> UUID:
    assert job.id is not None  # only a new request has none
    return job.id


def _of(request: Request) -> Done:
    return Done([Link("device_request", f"/api/patients/{request.person_id}/device_requests/{request.id}")])


@job_handlers.add(jobs.DISPENSE_CREATE)
async def hold(work: Work, job: jobs.NewDispense) -> Done:
    return _of_dispense(await dispenses.hold(work, job.person_id, job.handover))


@job_handlers.add(jobs.DISPENSE_COMPLETE)
async def complete_dispense(work: Work, job: jobs.SignedChange) -> Done:
    return _of_dispense(await dispenses.complete(work, job.person_id, _id(job), await _opened(work, job)))


@job_handlers.add(jobs.DISPENSE_STOP)
async def stop_dispense(work: Work, job: jobs.Change) -> Done:
    return _of_dispense(await dispenses.stop(work, job.person_id, job.id))


@job_handlers.add(jobs.DISPENSE_MARK_IN_ERROR)
async def mark_dispense_in_error(work: Work, job: jobs.SignedChange) -> Done:
    return _of_dispense(await dispenses.mark_in_error(work, job.person_id, _id(job), await _opened(work, job)))


def _of_dispense(dispense: Dispense) -> Done:
    return Done([Link("device_dispense", f"/api/patients/{dispense.person_id}/device_dispenses/{dispense.id}")])
