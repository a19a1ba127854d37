"""Who may touch which referral. What a caller may not see is not found."""

from uuid import UUID

from esoz.central.workforce import Employee
from esoz.kernel.errors import Conflict, NotFound
from esoz.kernel.work import Actor

from .model import ServiceRequest
from .model.requests import COORDINATOR, WRITERS

NOT_FOUND = "Service request not found"


def is_ours(actor: Actor, request: ServiceRequest) -> bool:
    """Whether the caller's clinic wrote the referral or has taken it."""
    return actor.client_id is not None and actor.client_id in (
        request.requester_legal_entity_id,
        request.used_by_legal_entity_id,
    )


def must_be_written_here(actor: Actor, request: ServiceRequest) -> None:
    """Raise NotFound unless the caller's clinic wrote it."""
    if actor.client_id is None or actor.client_id != request.requester_legal_entity_id:
        raise NotFound(NOT_FOUND)


def must_be_told_here(actor: Actor, request: ServiceRequest) -> None:
    """Raise NotFound unless the caller's clinic wrote it or has taken it: who else has the number needs no SMS."""
    if not is_ours(actor, request):
        raise NotFound(NOT_FOUND)


def must_write(employee: Employee, clinic: UUID | None, *, is_caller: bool) -> None:
    """SR-1: the requester treats in the caller's clinic and is the caller (BG-18: in 2019 nobody looked at the office).

    Raises Conflict.
    """
    if employee.legal_entity_id != clinic:
        raise Conflict("Employee does not belong to current legal entity")
    if employee.employee_type not in WRITERS or not employee.works:
        raise Conflict("Employee is not an active doctor")
    if not is_caller:
        raise Conflict("Employee is not the requester of the service request")


def may_end(employee: Employee, request: ServiceRequest) -> bool:
    """SR-11: the requester; where they are gone or away, a coordinator of the same clinic."""
    here = employee.works and employee.legal_entity_id == request.requester_legal_entity_id
    return here and (employee.id == request.requester_employee_id or employee.employee_type == COORDINATOR)
