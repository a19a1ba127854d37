"""Whose teams a caller may touch."""

from esoz.central.organisations import own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import Team


def must_be_ours(actor: Actor, team: Team) -> None:
    """TM-1: raise NotFound for a team of another clinic."""
    if own(actor) not in (None, team.legal_entity_id):
        raise NotFound("Care team not found")
