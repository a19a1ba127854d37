"""Episodes: open, change, close, take back."""

from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict, rejected
from esoz.kernel.faults import Faults, fault, must_hold
from esoz.kernel.fhir import Reference
from esoz.kernel.work import Work

from .. import store
from ..model import Episode, Event
from ..model.episode import (
    Change,
    NewEpisode,
    canceled,
    closed,
    closing_faults,
    must_be_active,
    must_be_managed_by,
    new_episode_faults,
    opened,
    updated,
)
from ..model.jobs import Closing, EpisodeCancellation, EpisodeChange
from ..model.staff import care_manager_faults
from .registers import Registers


async def create_episode(work: Work, person_id: UUID, new: NewEpisode) -> Episode:
    """Open an episode (EP-1). Raises Rejected."""
    registers = Registers(work)
    clinic = work.actor.client_id
    organization = await registers.legal_entity(new.managing_organization.id)
    must_hold(
        new_episode_faults(new, legal_entity_id=clinic, now=work.now),
        _organization_faults(acts=organization is not None and organization.acts),
        care_manager_faults(await registers.doctor(new.care_manager.id), clinic),
    )
    named = msgspec.structs.replace(
        new,
        managing_organization=await _named(registers, new.managing_organization),
        care_manager=await _named(registers, new.care_manager),
    )
    episode = opened(named, person_id=person_id, now=work.performed_at, by=work.actor.user_id)
    if not await store.create_episode(work.db, episode):
        raise rejected("$.id", "Episode with such id already exists")
    work.record(Event.EPISODE_CREATED, episode.id, patient_id=person_id)
    return episode


async def update_episode(work: Work, person_id: UUID, episode_id: UUID, change: EpisodeChange) -> Episode:
    """Give an episode another name or doctor (EP-2). Raises NotFound, Conflict, Rejected."""
    episode = await _ours(work, person_id, episode_id)
    must_be_active(episode, "updated")
    care_manager = change.care_manager
    if care_manager is not None:
        registers = Registers(work)
        must_hold(care_manager_faults(await registers.doctor(care_manager.id), work.actor.client_id))
        care_manager = await _named(registers, care_manager)
    changed = updated(episode, name=change.name, care_manager=care_manager, now=work.performed_at)
    return await _saved(work, changed, Event.EPISODE_UPDATED)


async def close_episode(work: Work, person_id: UUID, episode_id: UUID, closing: Closing) -> Episode:
    """Close an episode (EP-3). Raises NotFound, Conflict, Rejected."""
    episode = await _ours(work, person_id, episode_id)
    end, change = closing.period.end, Change(closing.status_reason, work.performed_at, work.actor.user_id)
    changed = closed(episode, change, end=end, summary=closing.closing_summary)
    last = await store.last_valid_encounter(work.db, person_id, episode_id)
    must_hold(closing_faults(episode, end, last_encounter=last, now=work.now))
    return await _saved(work, changed, Event.EPISODE_CLOSED)


async def cancel_episode(work: Work, person_id: UUID, episode_id: UUID, cancellation: EpisodeCancellation) -> Episode:
    """Mark an episode as entered in error (EP-4). Raises NotFound, Conflict."""
    episode = await _ours(work, person_id, episode_id)
    change = Change(cancellation.status_reason, work.performed_at, work.actor.user_id)
    changed = canceled(episode, change, letter=cancellation.explanatory_letter)
    if await store.has_valid_encounters(work.db, person_id, episode_id):
        raise Conflict("Episode can not be canceled while it has not canceled encounters")
    return await _saved(work, changed, Event.EPISODE_CANCELED)


async def _ours(work: Work, person_id: UUID, episode_id: UUID) -> Episode:
    episode = await store.find_episode(work.db, person_id, episode_id)
    must_be_managed_by(episode, work.actor.client_id)
    return episode


async def _saved(work: Work, episode: Episode, event: Event) -> Episode:
    await store.save_episode(work.db, episode)
    work.record(event, episode.id, patient_id=episode.person_id)
    return episode


async def _named(registers: Registers, reference: Reference) -> Reference:
    target = reference.kind, reference.id
    names = await registers.names([target])
    return Reference(reference.identifier, names.get(target, ""))


def _organization_faults(*, acts: bool) -> Faults:
    # EP-1: only an acting clinic opens episodes.
    if not acts:
        yield fault("$.managing_organization.identifier.value", "LegalEntity is not active")
