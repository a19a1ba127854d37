"""The jobs of this context: typed body → command → links to what was made."""

from uuid import UUID

from esoz.kernel.jobs import Done, JobHandlers, Link
from esoz.kernel.signed import Opened, open_signed
from esoz.kernel.work import Work

from . import commands, wire
from .model import ENCOUNTERS, Episode, Kind, jobs

job_handlers = JobHandlers()


@job_handlers.add(jobs.EPISODE_CREATE)
async def create_episode(work: Work, job: jobs.CreateEpisode) -> Done:
    return _of_episode(await commands.create_episode(work, job.person_id, job.episode))


@job_handlers.add(jobs.EPISODE_UPDATE)
async def update_episode(work: Work, job: jobs.UpdateEpisode) -> Done:
    return _of_episode(await commands.update_episode(work, job.person_id, job.episode_id, job.change))


@job_handlers.add(jobs.EPISODE_CLOSE)
async def close_episode(work: Work, job: jobs.CloseEpisode) -> Done:
    return _of_episode(await commands.close_episode(work, job.person_id, job.episode_id, job.closing))


@job_handlers.add(jobs.EPISODE_CANCEL)
async def cancel_episode(work: Work, job: jobs.CancelEpisode) -> Done:
    return _of_episode(await commands.cancel_episode(work, job.person_id, job.episode_id, job.cancellation))


@job_handlers.add(jobs.PACKAGE_CREATE)
async def create_package(work: Work, job: jobs.CreatePackage) -> Done:
    signed = await _opened(work, job)
    package = wire.read_package(signed.content, is_checked=job.proven is not None)
    await commands.store_package(work, job.person_id, commands.Submission(package, signed, job.package.visit))
    links = [_link(ENCOUNTERS, job.person_id, package.encounter.id)]
    links += [_link(each.kind, job.person_id, each.entity.id) for each in package.records.placed]
    return Done(links)


@job_handlers.add(jobs.PACKAGE_CANCEL)
async def cancel_package(work: Work, job: jobs.SignedChange) -> Done:
    signed = await _opened(work, job)
    cancellation = wire.read_cancellation(signed.content, is_checked=job.proven is not None)
    await commands.cancel_package(work, job.person_id, cancellation, signed)
    return Done([_link(each.kind, job.person_id, each.id) for each in cancellation.sent])


@job_handlers.add(jobs.REPORT_CREATE)
async def create_report(work: Work, job: jobs.SignedChange) -> Done:
    signed = await _opened(work, job)
    records, content = wire.read_report(signed.content, is_checked=job.proven is not None)
    await commands.store_report(work, job.person_id, records, content, signed)
    return Done([_link(each.kind, job.person_id, each.entity.id) for each in records.placed])


@job_handlers.add(jobs.REPORT_CANCEL)
async def cancel_report(work: Work, job: jobs.SignedChange) -> Done:
    signed = await _opened(work, job)
    cancellation = wire.read_report_cancellation(signed.content, is_checked=job.proven is not None)
    await commands.cancel_report(work, job.person_id, cancellation, signed)
    return Done([_link(each.kind, job.person_id, each.id) for each in cancellation.sent])


async def _opened(work: Work, job: jobs.SignedJob) -> Opened:
    # Nothing is proven of a job that an earlier release has queued.
    return await open_signed(work, job.package.signed_data, field="$.signed_data", proven=job.proven)


def _of_episode(episode: Episode) -> Done:
    return Done([Link("episode", f"/api/patients/{episode.person_id}/episodes/{episode.id}")])


def _link(kind: Kind, person_id: UUID, id: UUID) -> Link:
    return Link(kind.one, f"/api/patients/{person_id}/{kind.name}/{id}")
