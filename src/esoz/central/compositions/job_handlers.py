"""The jobs of this context: typed body → command → a link to the conclusion."""

from esoz.kernel.jobs import Done, JobHandlers, Link
from esoz.kernel.work import Work

from . import commands
from .model import Composition, jobs

job_handlers = JobHandlers()


@job_handlers.add(jobs.CREATE)
async def create(work: Work, job: jobs.SignedDraft) -> Done:
    return _of(await commands.create(work, job))


@job_handlers.add(jobs.MARK_IN_ERROR)
async def mark_in_error(work: Work, job: jobs.SignedMark) -> Done:
    return _of(await commands.mark_in_error(work, job))


@job_handlers.add(jobs.RESEND)
async def resend(work: Work, job: jobs.Resend) -> Done:
    return _of(await commands.resend(work, job))


def _of(composition: Composition) -> Done:
    return Done([Link("composition", f"/api/patients/{composition.person_id}/compositions/{composition.id}")])
