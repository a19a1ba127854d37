"""Reading conclusions, and with them what they point at."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from esoz.central.people import patient_of
from esoz.central.records import EPISODES, access_rule, find_encounter, find_episode, hidden_from
from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.references import Referent
from esoz.kernel.work import Work
from esoz.spec.compositions import Configuration

from .. import policy, store
from ..model import Composition, Event, Status
from ..model.compositions import read_title
from ..model.configurations import matching
from ..model.filters import CompositionFilter, ConfigurationFilter, OwnFilter

KIND = "composition"

T = TypeVar("T")
Find = Callable[[Work, UUID, UUID, str], Awaitable[T]]


async def compositions(
    work: Work, person_id: UUID, wanted: CompositionFilter, page: Page
) -> tuple[Sequence[Composition], Paged]:
    """A page of a patient's conclusions. Raises Forbidden when the list could hold what the caller may not see."""
    if wanted.patient_id not in (None, person_id):
        raise rejected("$.patient_id", "Must be the patient of the path")
    own = wanted.custodian is not None and wanted.custodian == work.actor.client_id
    episodes = await _episodes(work, person_id, wanted)
    rule = await access_rule(
        work, person_id, KIND, frozenset(episodes), own=own or work.actor.client_id in episodes.values()
    )
    title = read_title(wanted.title) if wanted.title is not None else None
    paged = await store.search(work.db, person_id, wanted, page, title=title)
    work.record(Event.VIEWED, person_id, patient_id=person_id, rule=rule)
    return [store.composition_of(row) for row in paged.rows], paged


async def _episodes(work: Work, person_id: UUID, wanted: CompositionFilter) -> Mapping[UUID, UUID]:
    """The episodes that a list is narrowed to, with who holds each."""
    ids = {wanted.context_episode_id} if wanted.context_episode_id else set()
    try:
        if wanted.encounter_id is not None:
            ids.add((await find_encounter(work.db, person_id, wanted.encounter_id))["episode_id"])
        return {id: (await find_episode(work.db, person_id, id)).managing_organization.id for id in ids}
    except NotFound:
        return {}


async def composition(work: Work, person_id: UUID, id: UUID) -> Composition:
    """A conclusion. Raises Forbidden, NotFound."""
    found, rule = await _granted(work, person_id, id)
    work.record(Event.VIEWED, id, patient_id=person_id, rule=rule)
    return await _told(work, found)


async def printed(work: Work, person_id: UUID, id: UUID) -> Composition:
    """A conclusion for its printed form. Raises Forbidden, NotFound; Conflict is nobody's: what is void says so."""
    found, rule = await _granted(work, person_id, id)
    work.record(Event.PRINTED, id, patient_id=person_id, rule=rule)
    return await _told(work, found)


async def named(work: Work, person_id: UUID, id: UUID, target: tuple[str, UUID], find: Find[T]) -> T:
    """CM-13: what a conclusion points at, found by `find`. Raises Forbidden, NotFound."""
    found, rule = await _granted(work, person_id, id)
    policy.must_be_named(found, target)
    return await find(work, person_id, target[1], rule)


async def context(work: Work, person_id: UUID, id: UUID) -> tuple[Composition, str | None]:
    """What one asks an approval for: the episode in which it was written, and its name; None when that is hidden."""
    found = await store.find(work.db, person_id, id)
    work.record(Event.CONTEXT_VIEWED, id, patient_id=person_id)
    if (await hidden_from(work, person_id)).has(EPISODES, found.episode_id):
        return found, None
    return found, (await find_episode(work.db, person_id, found.episode_id)).name


async def _granted(work: Work, person_id: UUID, id: UUID) -> tuple[Composition, str]:
    """CM-13: a conclusion, and the rule by which the caller reads it; a stranger is not told whether it is there."""
    found = await store.find_or_none(work.db, person_id, id)
    own = found is not None and policy.is_ours(work.actor, found)
    rule = await access_rule(work, person_id, KIND, policy.ids_of(found, id), own=own)
    if found is None:
        raise NotFound(store.NOT_FOUND)
    return found, rule


async def _told(work: Work, found: Composition) -> Composition:
    """AB-7: a record that a forbidden group hides from the reader is pointed at, and nobody says what it is."""
    hidden = await hidden_from(work, found.person_id)
    if not hidden.ids:
        return found
    secret = {str(id) for ids in hidden.ids.values() for id in ids}
    return replace(found, names={name: word for name, word in found.names.items() if name.split("/")[1] not in secret})


async def own_compositions(work: Work, wanted: OwnFilter, page: Page) -> tuple[Sequence[Composition], Paged]:
    """A page of the conclusions of the patient who asks, the newest first. Raises Forbidden when no patient does."""
    return await compositions(work, patient_of(work.actor), CompositionFilter(status=wanted.status), page)


async def own_composition(work: Work, id: UUID) -> Composition:
    """A conclusion of the patient who asks. Raises Forbidden, NotFound."""
    return await composition(work, patient_of(work.actor), id)


async def configurations_page(
    work: Work, wanted: ConfigurationFilter, page: Page
) -> tuple[Sequence[Configuration], Paged]:
    """A page of the kinds of conclusions with their rules."""
    found = matching(wanted)
    work.record(Event.CONFIGURATIONS_VIEWED, "")
    first = (page.number - 1) * page.size
    return found[first : first + page.size], Paged((), page, len(found))


async def resolve_compositions(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """The conclusions of this patient among `ids`: others name them, an approval opens them."""
    found = await store.known(db, person_id, ids)
    refusal = f'Composition in "{Status.ENTERED_IN_ERROR}" status can not be referenced'
    return {id: Referent(each.title, None if each.stands else refusal) for id, each in found.items()}
