"""Who may see and answer a request about a person."""

from uuid import UUID

from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor

from .model import PersonRequest


def clinic_of(actor: Actor) -> UUID:
    """The legal entity that asks."""
    if actor.client_id is None:
        raise Forbidden()
    return actor.client_id


def must_be_ours(actor: Actor, request: PersonRequest) -> None:
    """Another clinic's request is not found."""
    if request.legal_entity_id != clinic_of(actor):
        raise NotFound()
