"""Who may see what of a person."""

from uuid import UUID

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


async def must_be_our_patient(work: Work, person_id: UUID) -> None:
    """Raise Forbidden unless the person chose a doctor of the caller's legal entity."""
    # AB-1, R1. The publication names one more ground, an approval of type person.
    client_id = work.actor.client_id
    if client_id is None or not await store.has_live_declaration(work.db, person_id, client_id, work.today):
        raise Forbidden("Access denied")
