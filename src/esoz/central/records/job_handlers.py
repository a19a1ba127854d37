"""The jobs of this context: payload → typed request → command → links to what was made."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.jobs import Done, JobHandler, Link
from esoz.kernel.signed import Opened, open_signed
from esoz.kernel.work import Work

from . import commands, wire
from .model import ENCOUNTERS, Episode, Kind
from .model.episode import NewEpisode

EPISODE_CREATE = "episode.create"
EPISODE_UPDATE = "episode.update"
EPISODE_CLOSE = "episode.close"
EPISODE_CANCEL = "episode.cancel"
PACKAGE_CREATE = "encounter_package.create"
PACKAGE_CANCEL = "encounter_package.cancel"
REPORT_CREATE = "diagnostic_report_package.create"
REPORT_CANCEL = "diagnostic_report_package.cancel"


async def create_episode(work: Work, payload: Mapping[str, Any]) -> Done:
    new = msgspec.convert(payload["episode"], NewEpisode)
    return _of_episode(await commands.create_episode(work, UUID(payload["person_id"]), new))


async def update_episode(work: Work, payload: Mapping[str, Any]) -> Done:
    change = msgspec.convert(payload["change"], wire.EpisodeChange)
    changed = await commands.update_episode(
        work, *_episode_of(payload), name=change.name, care_manager=change.care_manager
    )
    return _of_episode(changed)


async def close_episode(work: Work, payload: Mapping[str, Any]) -> Done:
    closing = msgspec.convert(payload["closing"], wire.Closing)
    closed = await commands.close_episode(
        work,
        *_episode_of(payload),
        end=closing.period.end,
        reason=closing.status_reason,
        summary=closing.closing_summary,
    )
    return _of_episode(closed)


async def cancel_episode(work: Work, payload: Mapping[str, Any]) -> Done:
    cancellation = msgspec.convert(payload["cancellation"], wire.Cancellation)
    canceled = await commands.cancel_episode(
        work, *_episode_of(payload), reason=cancellation.status_reason, letter=cancellation.explanatory_letter
    )
    return _of_episode(canceled)


async def create_package(work: Work, payload: Mapping[str, Any]) -> Done:
    request = msgspec.convert(payload["package"], wire.PackageRequest)
    signed = await open_signed(work, request.signed_data, field="$.signed_data")
    package = wire.read_package(signed.content)
    person_id = UUID(payload["person_id"])
    await commands.store_package(work, person_id, commands.Submission(package, signed, request.visit))
    links = [_link(ENCOUNTERS, person_id, package.encounter.id)]
    links += [_link(each.kind, person_id, each.entity.id) for each in package.records.placed]
    return Done(links)


async def cancel_package(work: Work, payload: Mapping[str, Any]) -> Done:
    signed = await _opened(work, payload)
    cancellation = wire.read_cancellation(signed.content)
    person_id = UUID(payload["person_id"])
    await commands.cancel_package(work, person_id, cancellation, signed)
    return Done([_link(each.kind, person_id, each.id) for each in cancellation.sent])


async def create_report(work: Work, payload: Mapping[str, Any]) -> Done:
    signed = await _opened(work, payload)
    records, content = wire.read_report(signed.content)
    person_id = UUID(payload["person_id"])
    await commands.store_report(work, person_id, records, content, signed)
    return Done([_link(each.kind, person_id, each.entity.id) for each in records.placed])


async def cancel_report(work: Work, payload: Mapping[str, Any]) -> Done:
    signed = await _opened(work, payload)
    cancellation = wire.read_report_cancellation(signed.content)
    person_id = UUID(payload["person_id"])
    await commands.cancel_report(work, person_id, cancellation, signed)
    return Done([_link(each.kind, person_id, each.id) for each in cancellation.sent])


async def _opened(work: Work, payload: Mapping[str, Any]) -> Opened:
    request = msgspec.convert(payload["package"], wire.SignedRequest)
    return await open_signed(work, request.signed_data, field="$.signed_data")


def _episode_of(payload: Mapping[str, Any]) -> tuple[UUID, UUID]:
    return UUID(payload["person_id"]), UUID(payload["episode_id"])


def _of_episode(episode: Episode) -> Done:
    return Done([Link("episode", f"/api/patients/{episode.person_id}/episodes/{episode.id}")])


def _link(kind: Kind, person_id: UUID, id: UUID) -> Link:
    return Link(kind.one, f"/api/patients/{person_id}/{kind.name}/{id}")


job_handlers: Mapping[str, JobHandler] = {
    EPISODE_CREATE: create_episode,
    EPISODE_UPDATE: update_episode,
    EPISODE_CLOSE: close_episode,
    EPISODE_CANCEL: cancel_episode,
    PACKAGE_CREATE: create_package,
    PACKAGE_CANCEL: cancel_package,
    REPORT_CREATE: create_report,
    REPORT_CANCEL: cancel_report,
}
