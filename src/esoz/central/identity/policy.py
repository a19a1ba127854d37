"""Whose clients a caller may see and change."""

from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Actor

from .model import EVERY_CLIENT_TYPES


def must_be_own_client(actor: Actor, client_id: UUID) -> None:
    """A client sees itself only (403 as published); the administration sees all."""
    if actor.client_type not in EVERY_CLIENT_TYPES and actor.client_id != client_id:
        raise Forbidden()
