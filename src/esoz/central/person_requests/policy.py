"""Who may see and answer a request about a person."""

from uuid import UUID

from esoz.central.workforce import employees_of_user
from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor, Work

from .model import PersonRequest


def clinic_of(actor: Actor) -> UUID:
    """The legal entity that asks."""
    if actor.client_id is None:
        raise Forbidden()
    return actor.client_id


def must_be_ours(actor: Actor, request: PersonRequest) -> None:
    """Another clinic's request is not found."""
    if request.legal_entity_id != clinic_of(actor):
        raise NotFound()


async def tax_id_of_signer(work: Work) -> str:
    """SG-5: a doctor or an administrator who works in the clinic signs, and with the own key. Raises Forbidden.

    Held until the transaction ends: who is dismissed at this moment has either signed before, or does not sign.
    """
    if work.actor.user_id is None:
        raise Forbidden()
    employees = await employees_of_user(work.db, work.actor.user_id, clinic_of(work.actor), hold=True)
    if not employees:
        raise Forbidden("User is not an employee of the legal entity")
    return employees[0].party.tax_id
