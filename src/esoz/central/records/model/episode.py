"""An episode of care: its states, what may be done with it, and how encounters leave their diagnoses in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.clock import is_ahead
from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault
from esoz.kernel.fhir import CodeableConcept, Coding, Period, Reference
from esoz.kernel.states import move

from .dates import in_past, ordered

TYPES = "eHealth/episode_types"


class EpisodeStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


MOVES = {
    EpisodeStatus.ACTIVE: frozenset({EpisodeStatus.CLOSED, EpisodeStatus.ENTERED_IN_ERROR}),
    EpisodeStatus.CLOSED: frozenset({EpisodeStatus.ENTERED_IN_ERROR}),
    EpisodeStatus.ENTERED_IN_ERROR: frozenset[EpisodeStatus](),
}


class Diagnosis(msgspec.Struct, frozen=True, omit_defaults=True):
    """A condition in its role, with its code copied from the condition (EN-7)."""

    condition: Reference
    code: CodeableConcept
    role: CodeableConcept
    rank: int | float | None = None


class DiagnosesOfEncounter(msgspec.Struct, frozen=True):
    """What one encounter (`evidence`) left in the episode; not active when the encounter was cancelled (CN-6)."""

    date: datetime
    evidence: Reference
    diagnoses: tuple[Diagnosis, ...]
    is_active: bool = True


class StatusChange(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the history of states (EP-5)."""

    status: EpisodeStatus
    inserted_at: datetime
    inserted_by: UUID | None = None  # of lines from before it was kept
    status_reason: CodeableConcept | None = None


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """Care of one patient for one reason in one clinic."""

    person_id: UUID
    id: UUID
    status: EpisodeStatus
    type: Coding
    name: str
    managing_organization: Reference
    care_manager: Reference
    period: Period
    inserted_at: datetime
    updated_at: datetime
    status_history: tuple[StatusChange, ...]
    current_diagnoses: tuple[Diagnosis, ...] = ()
    diagnoses_history: tuple[DiagnosesOfEncounter, ...] = ()
    closing_summary: str | None = None
    status_reason: CodeableConcept | None = None
    explanatory_letter: str | None = None

    @property
    def codes(self) -> list[str]:
        """All codes of the current diagnoses, for the filter of lists."""
        return sorted({coding.code for diagnosis in self.current_diagnoses for coding in diagnosis.code.coding})


class NewEpisode(msgspec.Struct, frozen=True):
    """An episode as its doctor submits it."""

    id: UUID
    type: Coding
    status: str
    name: str
    managing_organization: Reference
    period: Period
    care_manager: Reference


def new_episode_faults(new: NewEpisode, *, legal_entity_id: UUID | None, now: datetime) -> Faults:
    """EP-1, the part that needs no register."""
    if new.status != EpisodeStatus.ACTIVE:
        yield fault("$.status", "value is not allowed in enum", rule="inclusion")
    if new.type.system != TYPES:
        yield fault("$.type.system", "value is not allowed in enum", rule="inclusion")
    if new.managing_organization.id != legal_entity_id:
        message = "Managing_organization does not correspond to user's legal_entity"
        yield fault("$.managing_organization.identifier.value", message)
    if is_ahead(new.period.start, now):
        yield fault("$.period.start", "Start date must be in past")


def opened(new: NewEpisode, *, person_id: UUID, now: datetime, by: UUID | None) -> Episode:
    """A new episode; its diagnoses come with encounters."""
    return Episode(
        person_id=person_id,
        id=new.id,
        status=EpisodeStatus.ACTIVE,
        type=new.type,
        name=new.name,
        managing_organization=new.managing_organization,
        care_manager=new.care_manager,
        period=Period(new.period.start),
        inserted_at=now,
        updated_at=now,
        status_history=(StatusChange(EpisodeStatus.ACTIVE, now, by),),
    )


def must_be_managed_by(episode: Episode, legal_entity_id: UUID | None) -> None:
    """EP-2, EP-3, EP-4: only the clinic that opened an episode changes it. Raises Conflict."""
    if episode.managing_organization.id != legal_entity_id:
        raise Conflict("Managing_organization does not correspond to user's legal_entity")


def must_be_active(episode: Episode, verb: str) -> None:
    """EP-2: only an active episode changes; `verb` ends the published sentence ("updated"). Raises Conflict."""
    if episode.status is not EpisodeStatus.ACTIVE:
        raise Conflict(f"Episode in status {episode.status} can not be {verb}")


def updated(episode: Episode, *, name: str | None, care_manager: Reference | None, now: datetime) -> Episode:
    """EP-2: another name or another doctor."""
    must_be_active(episode, "updated")
    return msgspec.structs.replace(
        episode,
        name=name or episode.name,
        care_manager=care_manager or episode.care_manager,
        updated_at=now,
    )


def closing_faults(episode: Episode, end: datetime, *, last_encounter: datetime | None, now: datetime) -> Faults:
    """EP-3: an episode ends neither before it begins, nor before its last encounter that stands, nor in the future.

    It is closed once: an end that nobody can have meant could not be put right.
    """
    yield from in_past("$.period.end", "End date", end, now)
    yield from ordered("$.period", Period(episode.period.start, end))
    if last_encounter is not None and end < last_encounter:
        yield fault("$.period.end", "End date must be greater or equal than end date of the last encounter")


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes the state of an episode, when and why."""

    reason: CodeableConcept
    at: datetime
    by: UUID | None


def closed(episode: Episode, change: Change, *, end: datetime, summary: str | None) -> Episode:
    """EP-3: the care is over. Raises Conflict unless active."""
    message = f"Episode in status {episode.status} can not be closed"
    status = move(MOVES, episode.status, EpisodeStatus.CLOSED, message=message)
    return msgspec.structs.replace(
        _changed(episode, status, change),
        period=Period(episode.period.start, end),
        closing_summary=summary,
    )


def canceled(episode: Episode, change: Change, *, letter: str | None) -> Episode:
    """EP-4: the episode should never have been. Raises Conflict when it is cancelled already."""
    message = f"Episode in status {episode.status} can not be canceled"
    status = move(MOVES, episode.status, EpisodeStatus.ENTERED_IN_ERROR, message=message)
    return msgspec.structs.replace(_changed(episode, status, change), explanatory_letter=letter)


def diagnosed(
    episode: Episode, *, encounter: Reference, diagnoses: Sequence[Diagnosis], date: datetime, now: datetime
) -> Episode:
    """EP-5: the diagnoses of the last encounter are the current ones; the history keeps them all.

    An encounter without diagnoses (an intervention) says nothing new and leaves the current ones.
    """
    if not diagnoses:
        return msgspec.structs.replace(episode, updated_at=now)
    line = DiagnosesOfEncounter(date, encounter, tuple(diagnoses))
    return msgspec.structs.replace(
        episode,
        current_diagnoses=tuple(diagnoses),
        diagnoses_history=(*episode.diagnoses_history, line),
        updated_at=now,
    )


def _changed(episode: Episode, status: EpisodeStatus, change: Change) -> Episode:
    history = (*episode.status_history, StatusChange(status, change.at, change.by, change.reason))
    return msgspec.structs.replace(
        episode,
        status=status,
        status_reason=change.reason,
        status_history=history,
        updated_at=change.at,
    )
