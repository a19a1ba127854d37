"""Whose equipment a caller may touch."""

from esoz.central.organisations import own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import Equipment


def must_be_ours(actor: Actor, equipment: Equipment) -> None:
    """Raise NotFound for what belongs to another clinic."""
    if own(actor) not in (None, equipment.legal_entity_id):
        raise NotFound()
