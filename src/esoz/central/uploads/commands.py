"""Links are given out, scans come, what came is taken."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel import documents
from esoz.kernel.work import Work

from . import store
from .model import KEEP_TAKEN, Event, Expected, Missing, Place, link, missing, must_be_jpeg, must_be_open


async def expect(
    work: Work, folder: str, request_id: UUID, types: Sequence[str], *, until: datetime, patient_id: UUID | None = None
) -> list[Expected]:
    """Wait for a document of each type, and return the links that its caller hands out."""
    dependencies = work.dependencies
    base, expected = dependencies.settings.url("central"), []
    for type in types:
        place = Place(folder, request_id, type)
        await store.expect(work.db, place, patient_id, until, work.now)
        expected.append(Expected(type, link(base, place, until, dependencies.secret)))
    return expected


async def receive(work: Work, place: Place, content: bytes) -> None:
    """Keep a scan that came by a good link; a later one of the same type takes its place.

    Raises NotFound, Forbidden, Closed, TooMany, Rejected.
    """
    must_be_jpeg(content)
    upload = await store.find(work.db, place, lock=True)
    must_be_open(upload, work.now)
    name = await documents.keep(work.db, place.objects, content)
    await store.set_object(work.db, place, name, len(content), work.now)
    work.record(Event.RECEIVED, place.request_id, patient_id=upload.patient_id, folder=place.folder)


async def close(work: Work, folder: str, request_id: UUID) -> list[str]:
    """Take what has come and let nothing come after it; return the names of the objects (DC-15).

    Raises Missing with the types of what has not come.
    """
    uploads = await store.of_request(work.db, folder, request_id, lock=True)
    if lacking := missing(uploads):
        raise Missing(lacking)
    if uploads:
        await store.close(work.db, folder, [request_id], work.now)
    return [each.object for each in uploads if each.object]


async def keep_taken(work: Work, folder: str, request_id: UUID) -> None:
    """The act stands that these scans were shown for: they are kept while it may be contested."""
    await store.keep_until(work.db, folder, request_id, work.now + KEEP_TAKEN)


async def abandon(work: Work, folder: str, request_ids: Sequence[UUID]) -> None:
    """Let no more come for requests that came to nothing before their time."""
    if request_ids:
        await store.close(work.db, folder, request_ids, work.now)
