"""How a legal entity stands with the state: the state register, verification by the НСЗУ, suspension, merging."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from esoz.central import identity
from esoz.kernel.errors import Conflict
from esoz.kernel.work import Work

from .. import store
from ..consequences import Cause, consequences
from ..model import (
    AUTO_SUSPENSION,
    EDR,
    MOVES,
    REGISTERED,
    UNVERIFIED_TERM,
    Event,
    LegalEntity,
    Status,
    differs_from,
    must_be_mergeable,
    reorganize,
    unverified,
    unverify,
    verify,
    with_status,
)

BATCH = 200
LIMITED = "MSP_LIMITED"  # LE-21: what the client of a reorganised legal entity may still do


async def import_state_register(work: Work, records: Iterable[EDR]) -> int:
    """Write records of the state register of legal entities; return how many. Repeating changes nothing.

    Legal entities whose record has ended are suspended (LE-12); those that it tells otherwise of than they do are
    verified no more (LE-23).
    """
    by_id = {record.id: record for record in records}
    count = await store.save_edr_records(work.db, by_id.values(), work.now)
    for entity in await store.standing_on(work.db, by_id):
        await _follow_register(work, entity, by_id[entity.edr.id])
    work.record(Event.STATE_REGISTER_IMPORTED, "", count=count)
    return count


async def _follow_register(work: Work, entity: LegalEntity, record: EDR) -> None:
    ends = record.state != REGISTERED and entity.status is Status.ACTIVE
    standing = await _suspend(work, entity) if ends else entity
    if standing.nhs_verified and differs_from(standing, record):
        await _save(work, unverified(standing, work.now), Event.LEGAL_ENTITY_UNVERIFIED)


async def verify_legal_entity(work: Work, id: UUID) -> LegalEntity:
    """The НСЗУ verified it (LE-17); raise NotFound or Conflict."""
    entity = verify(await store.find_legal_entity(work.db, id, lock=True))
    return await _save(work, entity, Event.LEGAL_ENTITY_VERIFIED)


async def unverify_legal_entity(work: Work, id: UUID) -> LegalEntity:
    """The НСЗУ verifies it no more (LE-17); raise NotFound or Conflict."""
    entity = unverify(await store.find_legal_entity(work.db, id, lock=True), work.now)
    return await _save(work, entity, Event.LEGAL_ENTITY_UNVERIFIED)


async def change_status(work: Work, id: UUID, status: Status) -> LegalEntity:
    """Suspend a legal entity by hand, or let it act again (LE-18); raise NotFound or Conflict."""
    entity = with_status(await store.find_legal_entity(work.db, id, lock=True), status)
    event = Event.LEGAL_ENTITY_SUSPENDED if status is Status.SUSPENDED else Event.LEGAL_ENTITY_ACTIVATED
    saved = await _save(work, entity, event)
    if status is Status.SUSPENDED:
        await consequences.of(work, id, Cause.STATUS)
    return saved


async def suspend_unverified(work: Work) -> int:
    """Suspend those who lost their verification more than 90 days ago (LE-22); return how many, a batch at most."""
    found = await store.unverified_before(work.db, work.now - UNVERIFIED_TERM, BATCH)
    for entity in found:
        await _suspend(work, entity)
    return len(found)


async def reorganize_legal_entity(work: Work, source_id: UUID, target_id: UUID, reason: str) -> LegalEntity:
    """Merge one legal entity into another (LE-20, LE-21); return the one that is no more.

    Its people are dismissed by who calls this. Raises NotFound, Rejected, Conflict.
    """
    # Locked in one order, so that two merges never wait for each other.
    ids = sorted({source_id, target_id})
    entities = {id: await store.find_legal_entity(work.db, id, lock=True) for id in ids}
    source = entities[source_id]
    must_be_mergeable(source, entities[target_id])
    if await store.is_merged(work.db, source_id) or await store.is_merged(work.db, target_id):
        raise Conflict("Merged from legal entity is already in the process of reorganization")
    gone = await _save(work, reorganize(source, work.today), Event.LEGAL_ENTITY_MERGED)
    by = work.actor.user_id or UUID(int=0)
    await store.add_related(work.db, source_id, target_id, reason, id=work.new_id(), at=work.now, by=by)
    await identity.rename_client(work, source_id, name=gone.name, type=LIMITED)
    await identity.end_tokens_of_client(work, source_id)
    await consequences.of(work, source_id, Cause.CHANGED, Cause.STATUS)
    return gone


async def _suspend(work: Work, entity: LegalEntity) -> LegalEntity:
    # LE-12, LE-22: by the system itself; nobody's name stands under it.
    assert Status.SUSPENDED in MOVES[entity.status]
    suspended = replace(
        entity, status=Status.SUSPENDED, status_reason=AUTO_SUSPENSION, updated_at=work.now, updated_by=None
    )
    await store.save_legal_entity(work.db, suspended)
    work.record(Event.LEGAL_ENTITY_SUSPENDED, entity.id)
    await consequences.of(work, entity.id, Cause.STATUS)
    return suspended


async def _save(work: Work, entity: LegalEntity, event: Event) -> LegalEntity:
    saved = replace(entity, updated_at=work.now, updated_by=work.actor.user_id)
    await store.save_legal_entity(work.db, saved)
    work.record(event, saved.id)
    return saved
