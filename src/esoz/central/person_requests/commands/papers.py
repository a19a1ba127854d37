"""A person hands in scans of their own papers, and somebody compares them with what is registered (PS-41)."""

from collections.abc import Mapping
from uuid import UUID

from esoz.central import people
from esoz.central.people import NHS, Person
from esoz.central.uploads import Expected, Missing, abandon, close, expect, keep_taken, of_request
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from ..model.events import Event
from ..model.papers import FOLDER, IN_REVIEW, TERM, NotAskedFor, OwnPapers, Status, asked_papers, moved
from ..store import papers as store


async def start(work: Work) -> list[Expected]:
    """Links for the papers that are asked for; asked again, the same ones. Raises Forbidden, NotActive."""
    person = await _person(work)
    types, found = asked_papers(person), await store.open_of(work.db, person.id)
    work.record(Event.PAPERS_STARTED, person.id, patient_id=person.id)
    if not types:
        return []
    if found is not None and found.takes(types, work.now):
        return await of_request(work, FOLDER, found.id)
    if found is not None:
        await abandon(work, FOLDER, [found.id])
        await store.save(work.db, moved(found, Status.CANCELLED, work.now))
    made = OwnPapers(
        person_id=person.id,
        id=work.new_id(),
        status=Status.NEW,
        types=types,
        expires_at=work.now + TERM,
        inserted_at=work.now,
        updated_at=work.now,
    )
    await store.add(work.db, made)
    return await expect(work, FOLDER, made.id, types, until=made.expires_at, patient_id=person.id)


async def complete(work: Work) -> list[Expected]:
    """Take what has come, so that somebody looks at it; or return the links of what is missing.

    Raises Forbidden, NotActive, NotAskedFor.
    """
    person = await _person(work)
    types, found = asked_papers(person), await store.open_of(work.db, person.id)
    work.record(Event.PAPERS_COMPLETED, person.id, patient_id=person.id)
    if not types:
        return []
    if found is None or not found.takes(types, work.now):
        raise NotAskedFor()
    try:
        await close(work, FOLDER, found.id)
    except Missing:
        return [each for each in await of_request(work, FOLDER, found.id) if not each.has_come]
    await store.save(work.db, moved(found, Status.COMPLETED, work.now))
    await people.note_register_word(work, person.id, NHS, IN_REVIEW)
    return []


async def judge(work: Work, person_id: UUID, id: UUID, word: Mapping[str, object]) -> Person:
    """What somebody says who has compared the scans with the record. Raises NotFound when nothing waits any more."""
    await people.find_person(work.db, person_id, lock=True)
    found = await store.open_of(work.db, person_id)
    if found is None or found.id != id or found.status is not Status.COMPLETED:
        raise NotFound()
    await store.save(work.db, moved(found, Status.JUDGED, work.now))
    await keep_taken(work, FOLDER, id)
    return await people.note_register_word(work, person_id, NHS, word)


async def ask(work: Work, person_id: UUID, word: Mapping[str, object]) -> Person:
    """Ask somebody for their papers; what they handed in before is asked for anew. Raises NotFound, NotActive."""
    person = await people.find_person(work.db, person_id, lock=True)
    people.must_be_active(person)
    if (found := await store.open_of(work.db, person_id)) is not None:
        await abandon(work, FOLDER, [found.id])
        await store.save(work.db, moved(found, Status.CANCELLED, work.now))
    return await people.note_register_word(work, person_id, NHS, word)


async def _person(work: Work) -> Person:
    """The active person who asks, held: two pages of one person go one after the other."""
    person = await people.find_person(work.db, people.patient_of(work.actor), lock=True)
    people.must_be_active(person)
    return person
