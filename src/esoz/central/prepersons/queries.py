"""Questions about unidentified patients, each leaving a line in their log."""

from uuid import UUID

from esoz.central.people import find_person
from esoz.central.people import must_be_active as person_must_be_active
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import policy, store
from .model import Event, Preperson, must_be_active


async def preperson(work: Work, id: UUID) -> Preperson:
    """One of ours; another clinic's is NotFound."""
    found = await store.find_preperson(work.db, id)
    policy.must_be_ours(work.actor, found)
    work.record(Event.READ, id, patient_id=id)
    return found


async def must_be_patient(work: Work, id: UUID) -> None:
    """Raise NotFound unless records may be made for this id: of a person, or of somebody unidentified who is ours.

    Conflict for who is not active. Somebody unidentified is not merged away before the transaction ends.
    """
    try:
        person_must_be_active(await find_person(work.db, id))
    except NotFound:
        found = await store.find_preperson(work.db, id, share=True)
        policy.must_be_ours(work.actor, found)
        must_be_active(found)
