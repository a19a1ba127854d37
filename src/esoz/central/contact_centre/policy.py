"""Who helps: an operator who is signed in at central's own pages (the role is asked for there)."""

from uuid import UUID

from esoz.central import people
from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor, Work

from . import model, store


def operator_of(actor: Actor) -> UUID:
    """The user who asks. Raises Forbidden for nobody, and for a patient."""
    if actor.user_id is None or actor.person_id is not None:
        raise Forbidden()
    return actor.user_id


async def must_be_of_another(work: Work, complaint: model.Complaint, operator_id: UUID) -> None:
    """CC-6: the complaint is not about what this operator did; raise OwnDeed."""
    if complaint.about is not None:
        about = complaint.about
        model.must_be_of_another(
            await people.access_at(work.db, complaint.person_id, about.at, about.event), operator_id
        )


async def open_case(work: Work, id: UUID) -> model.Case:
    """An open case of the operator who asks. Raises NotFound, also when it is over (CC-3)."""
    found = await store.find_case(work.db, id, operator_of(work.actor))
    if not found.is_open(work.now):
        raise NotFound()
    return found


async def case_of(work: Work, id: UUID, person_id: UUID) -> model.Case:
    """An open case of the operator who asks, with this person in it. Raises NotFound."""
    found = await open_case(work, id)
    if person_id not in found.person_ids:
        raise NotFound()
    return found
