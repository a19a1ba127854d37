"""Questions about a patient's record; each is let in by a rule of access and leaves a line for the patient."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from esoz.central.declarations import has_active_declaration
from esoz.central.workforce import employees_of_user
from esoz.kernel.db import Page, Paged, Row
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import policy, store
from .model import ENCOUNTERS, Episode, Event, Kind

Filters = Mapping[str, object]


async def episode(work: Work, person_id: UUID, episode_id: UUID) -> Episode:
    """An episode in full. Raises Forbidden, NotFound."""
    row = await store.find_episode_row(work.db, person_id, episode_id)
    rule = await _granted(work, person_id, own=policy.is_own(work.actor, _holder(row)))
    if row is None:
        raise NotFound("Episode not found")
    work.record(Event.RECORD_VIEWED, episode_id, patient_id=person_id, kind="episode", rule=rule)
    return store.as_episode(row)


async def episodes(work: Work, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of episodes. Raises Forbidden when the list could hold what the caller may not see."""
    organization = filters.get("managing_organization_id")
    own = isinstance(organization, UUID) and policy.is_own(work.actor, organization)
    rule = await _granted(work, person_id, own=own)
    found = await store.episodes(work.db, person_id, filters, page)
    work.record(Event.RECORD_VIEWED, person_id, patient_id=person_id, kind="episodes", rule=rule)
    return found


async def record(work: Work, kind: Kind, person_id: UUID, id: UUID, *, episode_id: UUID | None = None) -> Row:
    """One record, in the context of an episode when it is given. Raises Forbidden, NotFound (RD-3)."""
    own = False
    if episode_id is not None:
        held = await store.find_episode(work.db, person_id, episode_id)
        own = policy.is_own(work.actor, held.managing_organization.id)
    row = await store.find_record(work.db, kind, person_id, id, episode_id=episode_id)
    own = own or policy.is_own(work.actor, _holder(row))
    rule = await _granted(work, person_id, own=own)
    if row is None:
        raise NotFound(f"{kind.title} not found")
    work.record(Event.RECORD_VIEWED, id, patient_id=person_id, kind=kind.one, rule=rule)
    return row


async def records(work: Work, kind: Kind, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of records. Raises Forbidden when the list could hold what the caller may not see."""
    rule = await _granted(work, person_id, own=await _is_narrowed_to_own(work, person_id, filters))
    found = await store.records(work.db, kind, person_id, filters, page)
    work.record(Event.RECORD_VIEWED, person_id, patient_id=person_id, kind=kind.name, rule=rule)
    return found


async def must_be_of_patient(work: Work, person_id: UUID, episode_id: UUID) -> None:
    """RD-3: the episode in whose context one reads is the patient's; raise NotFound."""
    await store.find_episode(work.db, person_id, episode_id)


async def context(work: Work, kind: Kind, person_id: UUID, id: UUID) -> Episode:
    """The episode that holds a record: what one asks an approval for. Raises NotFound."""
    row = await store.find_record(work.db, kind, person_id, id)
    if row is None:
        raise NotFound(f"{kind.title} not found")
    work.record(Event.CONTEXT_VIEWED, id, patient_id=person_id, kind=kind.one)
    return await store.find_episode(work.db, person_id, row["episode_id"])


async def summary(work: Work, kind: Kind, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of what any doctor who treats the patient may see (RD-2)."""
    codes = policy.SUMMARY_CODES[kind.name]
    found = await store.summary(work.db, kind, person_id, filters, page, codes=codes)
    _summary_viewed(work, person_id, kind.name)
    return found


async def record_of_summary(work: Work, kind: Kind, person_id: UUID, id: UUID) -> Row:
    """One record that the summary shows. Raises NotFound."""
    row = await store.find_in_summary(work.db, kind, person_id, id, codes=policy.SUMMARY_CODES[kind.name])
    work.record(Event.SUMMARY_VIEWED, id, patient_id=person_id, kind=kind.one)
    return row


async def episodes_of_summary(work: Work, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of all episodes, in short."""
    found = await store.valid_episodes(work.db, person_id, filters, page)
    _summary_viewed(work, person_id, "episodes")
    return found


async def diagnoses(work: Work, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of the diagnoses of active episodes."""
    code = filters.get("code")
    found = await store.current_diagnoses(work.db, person_id, None if code is None else str(code), page)
    _summary_viewed(work, person_id, "diagnoses")
    return found


def _holder(row: Row | None) -> UUID | None:
    return row["managing_organization_id"] if row else None


def _summary_viewed(work: Work, person_id: UUID, what: str) -> None:
    work.record(Event.SUMMARY_VIEWED, person_id, patient_id=person_id, kind=what)


async def _granted(work: Work, person_id: UUID, *, own: bool) -> str:
    """The rule that lets the caller in; raise Forbidden. The declaration is asked for only when nothing else grants."""
    access = policy.Access(is_the_patient=policy.is_the_patient(work.actor, person_id), own_resource=own)
    if policy.granting_rule(access) is None:
        access = replace(access, active_declaration=await _has_declaration(work, person_id))
    return policy.must_be_granted(access)


async def _has_declaration(work: Work, person_id: UUID) -> bool:
    user_id, client_id = work.actor.user_id, work.actor.client_id
    if user_id is None or client_id is None:
        return False
    employees = await employees_of_user(work.db, user_id, client_id)
    doctors = [each.id for each in employees if each.employee_type in policy.DECLARING_TYPES]
    if not doctors:
        return False
    return await has_active_declaration(work.db, person_id, employee_ids=doctors)


async def _is_narrowed_to_own(work: Work, person_id: UUID, filters: Filters) -> bool:
    """Whether the parameters of a list leave only what the caller's clinic made or holds (AB-1: R2, R3)."""
    holders: list[UUID | None] = []
    organization, episode_id, encounter_id = (
        filters.get(name) for name in ("managing_organization_id", "episode_id", "encounter_id")
    )
    if isinstance(organization, UUID):
        holders.append(organization)
    if isinstance(episode_id, UUID):
        row = await store.find_episode_row(work.db, person_id, episode_id)
        holders.append(_holder(row))
    if isinstance(encounter_id, UUID):
        encounter = await store.find_record(work.db, ENCOUNTERS, person_id, encounter_id)
        holders.append(_holder(encounter))
    return any(policy.is_own(work.actor, holder) for holder in holders)
