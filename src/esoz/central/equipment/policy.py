"""Whose equipment a caller may touch."""

from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor

from .model import Equipment


def user_of(actor: Actor) -> UUID:
    """The user who acts; raise Forbidden when nobody does."""
    if actor.user_id is None:
        raise Forbidden()
    return actor.user_id


def must_be_ours(actor: Actor, equipment: Equipment) -> None:
    """Raise NotFound for what belongs to another clinic."""
    if own(actor) not in (None, equipment.legal_entity_id):
        raise NotFound()
