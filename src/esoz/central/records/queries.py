"""Questions about a patient's record; each is let in by a rule of access and leaves a line for the patient."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from esoz.central.approvals import EPISODE, granted_access, has_declaration
from esoz.central.approvals import EPISODES as EPISODE_KINDS
from esoz.central.dictionaries import codes_of_group
from esoz.central.forbidden_groups import known_guarded
from esoz.central.people import EmergencyContact, find_person, patient_of
from esoz.central.services import services_of_group
from esoz.kernel import jobs
from esoz.kernel.db import Connection, Page, Paged, Row
from esoz.kernel.errors import NotFound
from esoz.kernel.references import Referent
from esoz.kernel.work import Work

from . import policy, store
from .model import ENCOUNTERS, KIND_OF, Episode, Event, Kind
from .model.hidden import EPISODES as EPISODES_LIST
from .model.hidden import Hidden, hidden_by
from .model.kinds import DIAGNOSTIC_REPORTS

Filters = Mapping[str, object]

# Parameters that may leave only what the caller's clinic made, or what its episode or encounter holds.
MAKERS = ("managing_organization_id", "managing_organization", "recorder_legal_entity_id", "performer_legal_entity")
EPISODES = ("episode_id", "context_episode_id")
THE_ENCOUNTER = ("encounter_id", "encounter")
OWN = policy.must_be_granted(policy.Access(is_the_patient=True))  # the rule by which a patient reads
# Kinds that an approval may open as a whole.
GRANTABLE_TYPES = frozenset({*KIND_OF, *EPISODE_KINDS})


async def job(work: Work, id: str) -> jobs.Job:
    """A job of the caller's client, as it stands. Raises NotFound."""
    found = await jobs.find(work.db, id, work.actor.client_id)
    if found is None:
        raise NotFound()
    work.record(Event.JOB_VIEWED, found.id)
    return found


async def episode(work: Work, person_id: UUID, episode_id: UUID) -> Episode:
    """An episode in full. Raises Forbidden, NotFound."""
    row = await store.find_episode_row(work.db, person_id, episode_id)
    query = RecordQuery(EPISODE, frozenset({episode_id}), own=policy.is_own(work.actor, _holder(row)))
    rule = await _granted(work, person_id, query)
    if row is None or (await hidden_from(work, person_id)).has(EPISODES_LIST, episode_id):
        raise NotFound("Episode not found")
    work.record(Event.RECORD_VIEWED, episode_id, patient_id=person_id, kind="episode", rule=rule)
    [whole] = await store.with_history(work.db, [store.as_episode(row)])
    return whole


async def episodes(work: Work, person_id: UUID, filters: Filters, page: Page) -> tuple[Sequence[Episode], Paged]:
    """A page of episodes. Raises Forbidden when the list could hold what the caller may not see."""
    organization = filters.get("managing_organization_id")
    own = isinstance(organization, UUID) and policy.is_own(work.actor, organization)
    rule = await _granted(work, person_id, RecordQuery(EPISODE, own=own))
    found = await store.episodes(work.db, person_id, await _seen(work, person_id, filters), page)
    work.record(Event.RECORD_VIEWED, person_id, patient_id=person_id, kind="episodes", rule=rule)
    return await store.with_history(work.db, [store.as_episode(row) for row in found.rows]), found


async def episodes_of_group(
    work: Work, person_id: UUID, filters: Filters, page: Page
) -> tuple[Sequence[Episode], Paged]:
    """A page of episodes with a current diagnosis of a group, when one is given. Raises Forbidden."""
    group_id = filters.get("diagnoses_group_id")
    rest = {name: value for name, value in filters.items() if name != "diagnoses_group_id"}
    if not isinstance(group_id, UUID):
        return await episodes(work, person_id, rest, page)
    organization = rest.get("managing_organization_id")
    own = isinstance(organization, UUID) and policy.is_own(work.actor, organization)
    rule = await _granted(work, person_id, RecordQuery(EPISODE, own=own))
    codes = await codes_of_group(work.db, group_id)
    seen = await _seen(work, person_id, rest)
    found = await store.episodes_with_diagnoses(work.db, person_id, seen, page, codes)
    work.record(Event.RECORD_VIEWED, person_id, patient_id=person_id, kind="episodes", rule=rule)
    return [store.as_episode(row) for row in found.rows], found


async def record(work: Work, kind: Kind, person_id: UUID, id: UUID, *, episode_id: UUID | None = None) -> Row:
    """One record, in the context of an episode when it is given. Raises Forbidden, NotFound (RD-3)."""
    own = False
    if episode_id is not None:
        held = await store.find_episode(work.db, person_id, episode_id)
        own = policy.is_own(work.actor, held.managing_organization.id)
    row = await store.find_record(work.db, kind, person_id, id, episode_id=episode_id)
    own = own or policy.is_own(work.actor, _holder(row))
    # AB-1, R5: an approval opens an episode with all that is in it, or a report by itself.
    ids = frozenset({id, *([row["episode_id"]] if row and row["episode_id"] else [])})
    rule = await _granted(work, person_id, RecordQuery(kind.one, ids, own=own))
    hidden = await hidden_from(work, person_id)
    if row is None or hidden.has(kind.name, id):
        raise NotFound(f"{kind.title} not found")
    work.record(Event.RECORD_VIEWED, id, patient_id=person_id, kind=kind.one, rule=rule)
    return _told(row, hidden)


async def named_record(work: Work, kind: str, person_id: UUID, id: UUID, rule: str) -> Row:
    """CM-13: a record that a document of a context above names, to who may read that one by `rule`. Raises NotFound."""
    its = KIND_OF[kind]
    row = await store.find_record(work.db, its, person_id, id)
    hidden = await hidden_from(work, person_id)
    if row is None or hidden.has(its.name, id):
        raise NotFound(f"{its.title} not found")
    work.record(Event.RECORD_VIEWED, id, patient_id=person_id, kind=kind, rule=rule)
    return _told(row, hidden)


async def named_episode(work: Work, person_id: UUID, id: UUID, rule: str) -> Episode:
    """CM-13: the same, an episode in full. Raises NotFound."""
    found = await store.find_episode(work.db, person_id, id)
    if (await hidden_from(work, person_id)).has(EPISODES_LIST, id):
        raise NotFound("Episode not found")
    work.record(Event.RECORD_VIEWED, id, patient_id=person_id, kind=EPISODE, rule=rule)
    [whole] = await store.with_history(work.db, [found])
    return whole


async def emergency_contact(work: Work, kind: Kind, person_id: UUID, id: UUID) -> EmergencyContact:
    """Whom to call, told to who may see that record of the patient (RD-3). Raises Forbidden, NotFound."""
    await record(work, kind, person_id, id)
    work.record(Event.EMERGENCY_CONTACT_VIEWED, id, patient_id=person_id, kind=kind.one)
    return (await find_person(work.db, person_id)).emergency_contact


async def records(
    work: Work, kind: Kind, person_id: UUID, filters: Filters, page: Page, *, order: str = store.NEWEST_FIRST
) -> Paged:
    """A page of records. Raises Forbidden when the list could hold what the caller may not see."""
    rule = await _granted(work, person_id, await _narrowed(work, kind, person_id, filters))
    hidden = await hidden_from(work, person_id)
    seen = {**filters, store.HIDDEN: hidden.of(kind.name)}
    found = await store.records(work.db, kind, person_id, seen, page, order=order)
    work.record(Event.RECORD_VIEWED, person_id, patient_id=person_id, kind=kind.name, rule=rule)
    return _page_told(found, hidden)


async def own_episodes(work: Work, filters: Filters, page: Page) -> tuple[Sequence[Episode], Paged]:
    """A page of the episodes of the patient who asks. Raises Forbidden when no patient does."""
    return await episodes(work, patient_of(work.actor), filters, page)


async def own_episode(work: Work, episode_id: UUID) -> Episode:
    """An episode of the patient who asks. Raises Forbidden, NotFound."""
    return await episode(work, patient_of(work.actor), episode_id)


async def own_records(work: Work, kind: Kind, filters: Filters, page: Page) -> Paged:
    """A page of the records of the patient who asks, by the day on which they happened. Raises Forbidden."""
    return await records(work, kind, patient_of(work.actor), filters, page, order=store.latest_first(kind))


async def own_record(work: Work, kind: Kind, id: UUID) -> Row:
    """A record of the patient who asks. Raises Forbidden, NotFound."""
    return await record(work, kind, patient_of(work.actor), id)


@dataclass(frozen=True, slots=True)
class Package:
    """An encounter, the episode that holds it, and all records that were made in it, by kind."""

    episode: Episode
    encounter: Row
    made: Mapping[str, Sequence[Row]]


async def own_package(work: Work, encounter_id: UUID) -> Package:
    """An encounter of the patient who asks, with all that was made in it. Raises Forbidden, NotFound."""
    person_id = patient_of(work.actor)
    encounter = await store.find_encounter(work.db, person_id, encounter_id)
    held = await store.find_episode(work.db, person_id, encounter["episode_id"])
    made = await store.made_in(work.db, person_id, encounter_id)
    work.record(Event.RECORD_VIEWED, encounter_id, patient_id=person_id, kind="encounter_package", rule=OWN)
    return Package(held, encounter, made)


async def records_of_group(work: Work, kind: Kind, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of records whose service is in a group of the catalogue, when one is given. Raises Forbidden."""
    group_id = filters.get("service_group_id")
    rest = {name: value for name, value in filters.items() if name != "service_group_id"}
    if isinstance(group_id, UUID):
        rest["any_code"] = [str(id) for id in await services_of_group(work.db, group_id)]
    return await records(work, kind, person_id, rest, page)


async def must_be_of_patient(work: Work, person_id: UUID, episode_id: UUID) -> None:
    """RD-3: the episode in whose context one reads is the patient's; raise NotFound."""
    await store.find_episode(work.db, person_id, episode_id)


async def context(work: Work, kind: Kind, person_id: UUID, id: UUID) -> Episode | None:
    """The episode that holds a record: what one asks an approval for; None outside of episodes. Raises NotFound."""
    row = await store.find_record(work.db, kind, person_id, id)
    hidden = await hidden_from(work, person_id)
    if row is None or hidden.has(kind.name, id):
        raise NotFound(f"{kind.title} not found")
    work.record(Event.CONTEXT_VIEWED, id, patient_id=person_id, kind=kind.one)
    if row["episode_id"] is None or hidden.has(EPISODES_LIST, row["episode_id"]):
        return None
    return await store.find_episode(work.db, person_id, row["episode_id"])


async def summary(work: Work, kind: Kind, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of what any doctor who treats the patient may see (RD-2)."""
    codes = policy.SUMMARY_CODES[kind.name]
    hidden = await hidden_from(work, person_id)
    seen = {**filters, store.HIDDEN: hidden.of(kind.name)}
    found = await store.summary(work.db, kind, person_id, seen, page, codes=codes)
    _summary_viewed(work, person_id, kind.name)
    return _page_told(found, hidden)


async def record_of_summary(work: Work, kind: Kind, person_id: UUID, id: UUID) -> Row:
    """One record that the summary shows. Raises NotFound."""
    row = await store.find_in_summary(work.db, kind, person_id, id, codes=policy.SUMMARY_CODES[kind.name])
    hidden = await hidden_from(work, person_id)
    if hidden.has(kind.name, id):
        raise NotFound(f"{kind.title} not found")
    work.record(Event.SUMMARY_VIEWED, id, patient_id=person_id, kind=kind.one)
    return _told(row, hidden)


async def episodes_of_summary(
    work: Work, person_id: UUID, filters: Filters, page: Page
) -> tuple[Sequence[Episode], Paged]:
    """A page of all episodes, in short."""
    found = await store.valid_episodes(work.db, person_id, await _seen(work, person_id, filters), page)
    _summary_viewed(work, person_id, "episodes")
    return [store.as_episode(row) for row in found.rows], found


async def diagnoses(work: Work, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of the diagnoses of active episodes."""
    hidden = await hidden_from(work, person_id)
    code = filters.get("code")
    seen = {"code": None if code is None else str(code), store.HIDDEN: hidden.of(EPISODES_LIST)}
    found = await store.current_diagnoses(work.db, person_id, seen, page)
    _summary_viewed(work, person_id, "diagnoses")
    return _page_told(found, hidden)


async def approved_episodes(
    work: Work, person_id: UUID, filters: Filters, page: Page
) -> tuple[Sequence[Episode], Paged]:
    """A page of the episodes that the patient opened to the caller."""
    granted = await granted_access(work, person_id)
    seen = await _seen(work, person_id, filters)
    found = await store.approved_episodes(work.db, person_id, seen, page, granted)
    work.record(Event.RECORD_VIEWED, person_id, patient_id=person_id, kind="episodes", rule="approval")
    return await store.with_history(work.db, [store.as_episode(row) for row in found.rows]), found


async def approved_reports(work: Work, person_id: UUID, filters: Filters, page: Page) -> Paged:
    """A page of the diagnostic reports that the patient opened to the caller."""
    granted = await granted_access(work, person_id)
    hidden = await hidden_from(work, person_id)
    seen = {**filters, store.HIDDEN: hidden.of(DIAGNOSTIC_REPORTS.name)}
    found = await store.approved_records(work.db, DIAGNOSTIC_REPORTS, person_id, seen, page, access=granted)
    kind = DIAGNOSTIC_REPORTS.name
    work.record(Event.RECORD_VIEWED, person_id, patient_id=person_id, kind=kind, rule="approval")
    return _page_told(found, hidden)


async def hidden_from(work: Work, person_id: UUID) -> Hidden:
    """AB-7: what forbidden groups hide from the caller. Patients see all of theirs, clinics what they made and hold."""
    if policy.is_the_patient(work.actor, person_id):
        return Hidden()
    guarded = await known_guarded(work)
    found = await store.hidden(work.db, person_id, work.actor.client_id, guarded) if guarded else ()
    if not found:
        return Hidden()
    return hidden_by(found, (await granted_access(work, person_id)).ids)


async def _seen(work: Work, person_id: UUID, filters: Filters) -> Filters:
    """The same filters of a list of episodes, without those that are hidden."""
    return {**filters, store.HIDDEN: (await hidden_from(work, person_id)).of(EPISODES_LIST)}


def _told(row: Row, hidden: Hidden) -> Row:
    return {**row, "document": hidden.without_words(row["document"])} if hidden.ids else row


def _page_told(found: Paged, hidden: Hidden) -> Paged:
    return replace(found, rows=[_told(row, hidden) for row in found.rows])


def _holder(row: Row | None) -> UUID | None:
    return row["managing_organization_id"] if row else None


def _summary_viewed(work: Work, person_id: UUID, what: str) -> None:
    work.record(Event.SUMMARY_VIEWED, person_id, patient_id=person_id, kind=what)


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """What is to be read: of which kind, which record or in which episodes, and whether the own clinic holds it."""

    kind: str
    ids: frozenset[UUID] = frozenset()
    own: bool = False


async def access_rule(work: Work, person_id: UUID, kind: str, ids: frozenset[UUID], *, own: bool) -> str:
    """By which rule the caller may read what a context above keeps of this patient; raise Forbidden (AB-1)."""
    return await _granted(work, person_id, RecordQuery(kind, ids, own=own))


async def _granted(work: Work, person_id: UUID, query: RecordQuery) -> str:
    """The rule that lets the caller in; raise Forbidden. The database is asked only when nothing else grants."""
    access = policy.Access(is_the_patient=policy.is_the_patient(work.actor, person_id), own_resource=query.own)
    if policy.granting_rule(access) is None:
        access = replace(access, active_declaration=await has_declaration(work, person_id))
    if policy.granting_rule(access) is None:
        granted = await granted_access(work, person_id)
        access = replace(access, approved=granted.lets_in(query.kind, query.ids))
    return policy.must_be_granted(access)


async def _narrowed(work: Work, kind: Kind, person_id: UUID, filters: Filters) -> RecordQuery:
    """What the parameters of a list leave: of which episodes, and whether only what the own clinic made or holds."""
    holders: list[UUID | None] = [id for name in MAKERS if isinstance(id := filters.get(name), UUID)]
    episodes: set[UUID] = set()
    for name in EPISODES:
        if isinstance(episode_id := filters.get(name), UUID):
            holders.append(_holder(await store.find_episode_row(work.db, person_id, episode_id)))
            episodes.add(episode_id)
    for name in THE_ENCOUNTER:
        if isinstance(encounter_id := filters.get(name), UUID):
            row = await store.find_record(work.db, ENCOUNTERS, person_id, encounter_id)
            holders.append(_holder(row))
            episodes |= {row["episode_id"]} if row else set()
    own = any(policy.is_own(work.actor, holder) for holder in holders)
    return RecordQuery(kind.one, frozenset(episodes), own=own)


async def resolve_episodes(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """The episodes of this patient among `ids`: an approval may open one with all that is in it (AB-1)."""
    rows = {id: await store.find_episode_row(db, person_id, id) for id in ids}
    return {id: Referent(store.as_episode(row).name) for id, row in rows.items() if row is not None}


async def resolve_reports(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """The diagnostic reports of this patient among `ids`: an approval may open one by itself (AB-1)."""
    rows = {id: await store.find_record(db, DIAGNOSTIC_REPORTS, person_id, id) for id in ids}
    names = {id: row["document"]["code"] for id, row in rows.items() if row is not None}
    return {id: Referent(code.get("display_value", "")) for id, code in names.items()}
