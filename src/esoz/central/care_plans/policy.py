"""Who may touch which care plan. What a caller may not see is not found."""

from uuid import UUID

from esoz.central.workforce import Employee
from esoz.kernel.errors import Conflict, Forbidden, NotFound
from esoz.kernel.work import Actor

from .model import CarePlan
from .model.plans import WRITERS

NOT_FOUND = "Care plan not found"


def is_ours(actor: Actor, plan: CarePlan) -> bool:
    return actor.client_id is not None and actor.client_id == plan.legal_entity_id


def must_be_ours(actor: Actor, plan: CarePlan) -> None:
    """CP-7: the clinic that keeps a plan changes it; for others it is not there."""
    if not is_ours(actor, plan):
        raise NotFound(NOT_FOUND)


def must_write(employee: Employee, clinic: UUID | None, *, is_caller: bool) -> None:
    """CP-1: the author treats in the caller's clinic and is the caller. Raises Conflict."""
    if employee.legal_entity_id != clinic:
        raise Conflict("Employee does not belong to current legal entity")
    if employee.employee_type not in WRITERS or not employee.works:
        raise Conflict("Employee is not an active doctor")
    if not is_caller:
        raise Conflict("Employee is not the author")


def user_of(actor: Actor) -> UUID:
    """The signed-in user."""
    if actor.user_id is None:
        raise Forbidden()
    return actor.user_id
