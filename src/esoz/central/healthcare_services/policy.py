"""Whose services and roles a caller may touch."""

from uuid import UUID

from esoz.central.organisations import own
from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor

from .model import EmployeeRole, HealthcareService


def user_of(actor: Actor) -> UUID:
    """The user who acts; raise Forbidden when nobody does."""
    if actor.user_id is None:
        raise Forbidden()
    return actor.user_id


def must_be_ours(actor: Actor, record: HealthcareService | EmployeeRole) -> None:
    """Raise NotFound for what belongs to another clinic."""
    if own(actor) not in (None, record.legal_entity_id):
        raise NotFound()
