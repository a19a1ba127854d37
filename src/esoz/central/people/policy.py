"""Who may see what of a person."""

from uuid import UUID

from esoz.central.workforce import employees_of_user
from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Actor, Work

from . import store


class NoSuchPerson(Forbidden):
    """The publication refuses with 403 where a record is not there, so that ids cannot be tried out."""

    default = "Such person not found"


def patient_of(actor: Actor) -> UUID:
    """The person who asks through a cabinet; raise Forbidden for a caller without one."""
    if actor.person_id is None:
        raise Forbidden("Token does not belong to a patient")
    return actor.person_id


async def tax_id_of_signer(work: Work) -> str:
    """SG-5: an employee of the clinic signs, and with the own key. Raises Forbidden.

    Held until the transaction ends: who is dismissed at this moment has either signed before, or does not sign.
    """
    user_id, client_id = work.actor.user_id, work.actor.client_id
    if user_id is None or client_id is None:
        raise Forbidden()
    employees = await employees_of_user(work.db, user_id, client_id, hold=True)
    if not employees:
        raise Forbidden("User is not an employee of the legal entity")
    return employees[0].party.tax_id


async def must_be_our_patient(work: Work, person_id: UUID) -> None:
    """Raise Forbidden unless the person chose a doctor of the caller's legal entity, or opened all to the caller."""
    # AB-1, R1 and R4: the publication names as a second ground an approval of the whole person.
    user_id, client_id = work.actor.user_id, work.actor.client_id
    if client_id is not None and await store.has_live_declaration(work.db, person_id, client_id, work.today):
        return
    if client_id is not None and user_id is not None:
        employees = await employees_of_user(work.db, user_id, client_id)
        if await store.is_opened_to(work.db, person_id, [each.id for each in employees], work.now):
            return
    raise Forbidden("Access denied")
