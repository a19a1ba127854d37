"""Questions of a patient about themselves."""

from esoz.central import people
from esoz.kernel.work import Work

from .model import Event


async def profile(work: Work) -> people.Person:
    """Who the patient is whose token this is. Raises Forbidden for others, Conflict for who is not active."""
    id = people.patient_of(work.actor)
    person = await people.find_person(work.db, id)
    people.must_be_active(person)
    work.record(Event.PROFILE_READ, id, patient_id=id)
    return person
