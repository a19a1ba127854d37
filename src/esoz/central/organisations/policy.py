"""Who may see which legal entity and division."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor

from .model import Division, DivisionFilter, LegalEntityFilter

# AB-6, LE-24: these clients see everybody's records, all others (unknown kinds too) their own.
UNLIMITED = frozenset({"MIS", "NHS", "NHS_ADMIN"})
NOBODY = UUID(int=0)


def own(actor: Actor) -> UUID | None:
    """The legal entity that the caller is limited to; None when the caller sees all."""
    return None if actor.client_type in UNLIMITED else actor.client_id or NOBODY


def client_of(actor: Actor) -> UUID:
    """The legal entity that acts; raise Forbidden when the caller acts for none."""
    if actor.client_id is None:
        raise Forbidden()
    return actor.client_id


def user_of(actor: Actor) -> UUID:
    """The user who acts; raise Forbidden when nobody does."""
    if actor.user_id is None:
        raise Forbidden()
    return actor.user_id


def narrowed(actor: Actor, legal_entity_id: UUID | None) -> UUID | None:
    """The filter by legal entity that really applies: a foreign one matches nothing (LE-24)."""
    limit = own(actor)
    if limit is None:
        return legal_entity_id
    return limit if legal_entity_id in (None, limit) else NOBODY


def legal_entities_within_reach(actor: Actor, filters: LegalEntityFilter) -> LegalEntityFilter:
    return msgspec.structs.replace(filters, legal_entity_id=narrowed(actor, filters.legal_entity_id))


def divisions_within_reach(actor: Actor, filters: DivisionFilter) -> DivisionFilter:
    return replace(filters, legal_entity_id=narrowed(actor, filters.legal_entity_id))


def must_be_own_legal_entity(actor: Actor, id: UUID) -> None:
    """Raise Forbidden for another's details: here the publication says 403, not 404 (LE-24)."""
    if own(actor) not in (None, id):
        raise Forbidden()


def must_be_our_division(actor: Actor, division: Division) -> None:
    """Raise NotFound for another's division."""
    if own(actor) not in (None, division.legal_entity_id):
        raise NotFound()
