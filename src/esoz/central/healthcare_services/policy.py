"""Whose services and roles a caller may touch."""

from esoz.central.organisations import own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import EmployeeRole, HealthcareService


def must_be_ours(actor: Actor, record: HealthcareService | EmployeeRole) -> None:
    """Raise NotFound for what belongs to another clinic."""
    if own(actor) not in (None, record.legal_entity_id):
        raise NotFound()
