"""The jobs of this context: typed body → command → a link to the referral."""

from esoz.kernel.jobs import Done, JobHandlers, Link
from esoz.kernel.work import Work

from . import commands
from .model import ServiceRequest, jobs

job_handlers = JobHandlers()


@job_handlers.add(jobs.CREATE)
async def create(work: Work, job: jobs.SignedOrder) -> Done:
    return _of(await commands.create(work, job))


@job_handlers.add(jobs.RECALL)
async def recall(work: Work, job: jobs.SignedEnd) -> Done:
    return _of(await commands.recall(work, job))


@job_handlers.add(jobs.CANCEL)
async def cancel(work: Work, job: jobs.SignedEnd) -> Done:
    return _of(await commands.cancel(work, job))


@job_handlers.add(jobs.USE)
async def use(work: Work, job: jobs.Use) -> Done:
    return _of(await commands.use(work, job))


@job_handlers.add(jobs.RELEASE)
async def release(work: Work, job: jobs.Change) -> Done:
    return _of(await commands.release(work, job))


@job_handlers.add(jobs.PROCESS)
async def process(work: Work, job: jobs.Change) -> Done:
    return _of(await commands.process(work, job))


@job_handlers.add(jobs.COMPLETE)
async def complete(work: Work, job: jobs.Complete) -> Done:
    return _of(await commands.complete(work, job))


def _of(request: ServiceRequest) -> Done:
    return Done([Link("service_request", f"/api/patients/{request.person_id}/service_requests/{request.id}")])
