"""Who may see which employee."""

import msgspec

from esoz.central.organisations import narrowed, own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import Employee
from .store import Asked


def within_reach(actor: Actor, asked: Asked) -> Asked:
    """EM-27 (2019 source): the list of a clinic is limited to itself."""
    return msgspec.structs.replace(asked, legal_entity_id=narrowed(actor, asked.legal_entity_id))


def must_be_ours(actor: Actor, employee: Employee) -> None:
    """Raise NotFound for an employee of another clinic."""
    if own(actor) not in (None, employee.legal_entity_id):
        raise NotFound()
