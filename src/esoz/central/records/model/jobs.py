"""The changes of a record that are queued: their kinds, their bodies, and how the audit log names their submission."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from esoz.kernel.fhir import CodeableConcept, Moment, Reference
from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import Proven

from .episode import NewEpisode
from .events import Event
from .package import Visit


class EpisodeChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another name or doctor for an episode."""

    name: str | None = None
    care_manager: Reference | None = None


class End(msgspec.Struct, frozen=True):
    """When an episode ended."""

    end: Moment


class Closing(msgspec.Struct, frozen=True, omit_defaults=True):
    """How an episode ended."""

    period: End
    status_reason: CodeableConcept
    closing_summary: str | None = None


class EpisodeCancellation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an episode should never have been."""

    status_reason: CodeableConcept
    explanatory_letter: str | None = None


class SignedRecords(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signed document and nothing beside it."""

    signed_data: str


class SignedPackage(SignedRecords, frozen=True, omit_defaults=True):
    """A signed encounter package and, when it is new, its visit."""

    visit: Visit | None = None


class RecordChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a patient's record as it waits in the queue."""

    person_id: UUID


class CreateEpisode(RecordChange, frozen=True, kw_only=True):
    episode: NewEpisode


class EpisodeJob(RecordChange, frozen=True, kw_only=True):
    """A change of an episode that is there."""

    episode_id: UUID


class SignedJob(RecordChange, frozen=True, kw_only=True, omit_defaults=True):
    """A change that is told by a signed document; `proven` of it when it arrived."""

    package: SignedRecords
    proven: Proven | None = None


class UpdateEpisode(EpisodeJob, frozen=True, kw_only=True):
    change: EpisodeChange


class CloseEpisode(EpisodeJob, frozen=True, kw_only=True):
    closing: Closing


class CancelEpisode(EpisodeJob, frozen=True, kw_only=True):
    cancellation: EpisodeCancellation


class CreatePackage(SignedJob, frozen=True, kw_only=True):
    package: SignedPackage


class SignedChange(SignedJob, frozen=True, kw_only=True):
    """A report, or the cancellation of a package or a report."""


EPISODE_CREATE = JobKind("episode.create", CreateEpisode)
EPISODE_UPDATE = JobKind("episode.update", UpdateEpisode)
EPISODE_CLOSE = JobKind("episode.close", CloseEpisode)
EPISODE_CANCEL = JobKind("episode.cancel", CancelEpisode)
PACKAGE_CREATE = JobKind("encounter_package.create", CreatePackage)
PACKAGE_CANCEL = JobKind("encounter_package.cancel", SignedChange)
REPORT_CREATE = JobKind("diagnostic_report_package.create", SignedChange)
REPORT_CANCEL = JobKind("diagnostic_report_package.cancel", SignedChange)

SUBMITTED: Mapping[str, Event] = {
    EPISODE_CREATE.name: Event.EPISODE_SUBMITTED,
    EPISODE_UPDATE.name: Event.EPISODE_SUBMITTED,
    EPISODE_CLOSE.name: Event.EPISODE_SUBMITTED,
    EPISODE_CANCEL.name: Event.EPISODE_SUBMITTED,
    PACKAGE_CREATE.name: Event.PACKAGE_SUBMITTED,
    PACKAGE_CANCEL.name: Event.PACKAGE_CANCEL_SUBMITTED,
    REPORT_CREATE.name: Event.REPORT_SUBMITTED,
    REPORT_CANCEL.name: Event.REPORT_CANCEL_SUBMITTED,
}
