"""Who may see which employee and which invitation."""

import msgspec

from esoz.central.organisations import narrowed, own
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor

from .model import Employee, EmployeeFilter, EmployeeRequest


def within_reach(actor: Actor, filters: EmployeeFilter) -> EmployeeFilter:
    """EM-27: the list of a clinic is limited to itself."""
    return msgspec.structs.replace(filters, legal_entity_id=narrowed(actor, filters.legal_entity_id))


def must_be_ours(actor: Actor, employee: Employee) -> None:
    """Raise NotFound for an employee of another clinic."""
    if own(actor) not in (None, employee.legal_entity_id):
        raise NotFound()


def must_be_our_request(actor: Actor, request: EmployeeRequest) -> None:
    """Raise NotFound for an invitation of another clinic."""
    if own(actor) not in (None, request.legal_entity_id):
        raise NotFound()


def must_be_through_us(actor: Actor, request: EmployeeRequest) -> None:
    """Raise NotFound for an invitation that came through another MIS."""
    if actor.mis_id is None or actor.mis_id != request.mis_id:
        raise NotFound()
