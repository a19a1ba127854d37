"""Who may touch which request of a device. What a caller may not see is not found."""

from uuid import UUID

from esoz.central.approvals import granted_access, has_declaration
from esoz.central.organisations import LegalEntity
from esoz.central.workforce import Employee, Party
from esoz.kernel.errors import Conflict, Forbidden, NotFound
from esoz.kernel.work import Actor, Work

from .model.dispenses import Dispense
from .model.requests import DISPENSING_TYPES, Request

KIND = "device_request"
NOT_FOUND = "Device request not found"


def must_be_ours(actor: Actor, request: Request) -> None:
    """DVR-16: a clinic changes what it wrote."""
    if request.legal_entity_id != actor.client_id:
        raise NotFound(NOT_FOUND)


def must_be_our_dispense(actor: Actor, dispense: Dispense) -> None:
    """DVD-8, DVD-9, DVD-10: a pharmacy changes what it hands over itself."""
    if dispense.legal_entity_id != actor.client_id:
        raise NotFound("Device dispense not found")


def must_be_performer(performer: Employee, party: Party) -> None:
    """DVD-8: who held it hands it over."""
    if performer.party.id != party.id:
        raise Forbidden("Only the performer of the device dispense can sign it")


def dispenses(legal_entity: LegalEntity) -> bool:
    """DVR-16: a working pharmacy sees any request by its number or id."""
    return legal_entity.acts and legal_entity.type in DISPENSING_TYPES


def must_dispense(legal_entity: LegalEntity) -> None:
    """DVD-1: a working pharmacy."""
    if not legal_entity.acts:
        raise Conflict("Legal entity is not active")
    if legal_entity.type not in DISPENSING_TYPES:
        raise Conflict("Invalid legal entity type")


# The publication gives this operation no scope: who reads requests is who has them dispensed.
MAY_QUALIFY = "device_request:read"


def must_be_let_qualify(actor: Actor) -> None:
    """The right to read requests of devices, of a doctor or a pharmacist."""
    if MAY_QUALIFY not in actor.scopes:
        raise Forbidden(f"Your scope does not allow to access this resource. Missing allowances: {MAY_QUALIFY}")


async def must_be_granted(work: Work, person_id: UUID, ids: frozenset[UUID]) -> str:
    """DVR-16: the rule that lets a doctor in who did not write it: declaration or approval; raise Forbidden."""
    if await has_declaration(work, person_id):
        return "active_declaration"
    if (await granted_access(work, person_id)).lets_in(KIND, ids):
        return "approval"
    raise Forbidden("Access denied. Medical records of this patient are not available to you without an approval")


def user_of(actor: Actor) -> UUID:
    """The signed-in user."""
    if actor.user_id is None:
        raise Forbidden()
    return actor.user_id


def client_of(actor: Actor) -> UUID:
    """The legal entity that the caller acts for."""
    if actor.client_id is None:
        raise Forbidden()
    return actor.client_id
