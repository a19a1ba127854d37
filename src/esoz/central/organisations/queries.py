"""Questions about legal entities and divisions."""

from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import Conflict, NotFound, rejected
from esoz.kernel.work import Work

from . import policy, store
from .model import Division, DivisionFilter, Event, LegalEntity, LegalEntityFilter, Related


def must_be_acting(entity: LegalEntity) -> None:
    """Raise Conflict with the published text unless the legal entity may act."""
    if not entity.acts:
        raise Conflict("Legal entity is not active")


async def must_be_own_division(
    db: Connection, id: UUID, legal_entity_id: UUID, *, entry: str, missing: str = "Division does not exist"
) -> None:
    """Raise Rejected on the field unless this is an acting division of the legal entity; `missing` as published."""
    try:
        division = await store.find_division(db, id)
    except NotFound as fault:
        raise rejected(entry, missing) from fault
    if division.legal_entity_id != legal_entity_id:
        raise rejected(entry, "Division is not within current legal entity")
    if not division.acts:
        raise rejected(entry, "Division is not active")


async def legal_entities(work: Work, filters: LegalEntityFilter, page: Page) -> tuple[list[LegalEntity], Paged]:
    """A page of legal entities; a clinic sees only itself."""
    work.record(Event.LEGAL_ENTITIES_READ, work.actor.client_id or "")
    return await store.legal_entities(work.db, policy.legal_entities_within_reach(work.actor, filters), page)


async def legal_entity(work: Work, id: UUID) -> LegalEntity:
    """One legal entity; another's is Forbidden."""
    policy.must_be_own_legal_entity(work.actor, id)
    work.record(Event.LEGAL_ENTITY_READ, id)
    return await store.find_legal_entity(work.db, id)


async def search(work: Work, text: str | None, type: str | None, status: str | None, page: Page) -> Paged:
    """A page of legal entities by a part of name or code, by the alphabet, ended ones too: for administrators."""
    work.record(Event.LEGAL_ENTITIES_READ, "administration")
    return await store.search(work.db, text, type, status, page)


async def related(work: Work, id: UUID, page: Page) -> tuple[list[Related], Paged]:
    """Legal entities merged into this one; another's is Forbidden."""
    policy.must_be_own_legal_entity(work.actor, id)
    await store.find_legal_entity(work.db, id)
    work.record(Event.RELATED_READ, id)
    return await store.related(work.db, id, page)


async def divisions(work: Work, filters: DivisionFilter, page: Page) -> tuple[list[Division], Paged]:
    """A page of divisions; a clinic sees its own."""
    work.record(Event.DIVISIONS_READ, work.actor.client_id or "")
    return await store.divisions(work.db, policy.divisions_within_reach(work.actor, filters), page)


async def division(work: Work, id: UUID) -> Division:
    """One division; another's is NotFound."""
    found = await store.find_division(work.db, id)
    policy.must_be_our_division(work.actor, found)
    work.record(Event.DIVISION_READ, id)
    return found
