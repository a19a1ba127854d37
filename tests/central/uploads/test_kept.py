"""How long scans are kept: a month where nothing rests on them, three years where an act does."""

from datetime import timedelta

import pytest

from esoz.central import uploads
from esoz.kernel import documents
from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection, Database
from esoz.kernel.documents import Carrier
from esoz.kernel.errors import NotFound
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.conftest import NOW
from tests.factories.scans import jpeg

FOLDER, TYPE = "person_requests", "person.PASSPORT"
UNTIL = NOW + timedelta(days=1)
MONTH, THREE_YEARS = timedelta(days=30), timedelta(days=3 * 366)
MOMENT = timedelta(seconds=1)


async def forget(work: Work, later: timedelta) -> None:
    (_, _, task) = uploads.periodic_tasks[1]
    await task(Work(NOBODY, NOW + later, work.db, work.dependencies))


async def received(work: Work, *notes: bytes) -> tuple[uploads.Place, list[str]]:
    """A scan that came, one after the other, and the names of all that did."""
    place = uploads.Place(FOLDER, new_id(), TYPE)
    await uploads.expect(work, FOLDER, place.request_id, [TYPE], until=UNTIL)
    for note in notes:
        await uploads.receive(work, place, jpeg(note=note))
    rows = await work.db.fetch("select name from documents_waiting where starts_with(name, $1)", place.objects)
    return place, [row["name"] for row in rows]


async def is_kept(work: Work, name: str) -> bool:
    try:
        await documents.read(work.db, work.dependencies.objects, name)
    except NotFound:
        return False
    return True


# DC-26
class TestScans:
    async def test_nothing_came_of_the_request_then_deleted_after_a_month(self, work: Work) -> None:
        _, [name] = await received(work, b"1")
        await forget(work, timedelta(days=1) + MONTH)
        assert await is_kept(work, name)
        await forget(work, timedelta(days=1) + MONTH + MOMENT)
        assert not await is_kept(work, name)

    async def test_an_act_rests_on_it_then_after_three_years(self, work: Work) -> None:
        place, [name] = await received(work, b"1")
        await uploads.close(work, FOLDER, place.request_id)
        await uploads.keep_taken(work, FOLDER, place.request_id)
        await forget(work, THREE_YEARS)
        assert await is_kept(work, name)
        await forget(work, THREE_YEARS + MOMENT)
        assert not await is_kept(work, name)

    async def test_sent_anew_then_those_before_go_with_it(self, work: Work) -> None:
        _, names = await received(work, b"1", b"2", b"3", b"1")
        assert len(names) == 3
        await forget(work, timedelta(days=1) + MONTH + MOMENT)
        assert [await is_kept(work, name) for name in names] == [False] * 3

    async def test_of_an_earlier_release_then_kept_as_if_an_act_rested_on_it(self, work: Work) -> None:
        _, [name] = await received(work, b"1")
        await work.db.execute("update uploads set forget_at = null")
        await forget(work, MONTH * 3)
        assert await is_kept(work, name)
        await forget(work, timedelta(days=1) + THREE_YEARS + MOMENT)
        assert not await is_kept(work, name)


async def test_scan_when_carried_to_the_store_then_deleted_there(
    fresh_database: Database, dependencies: Dependencies
) -> None:
    async with fresh_database.act() as db:
        _, _ = await received_in(db, dependencies)
    await Carrier(fresh_database, dependencies.objects).carry()
    async with fresh_database.connection() as db:
        name = await db.fetchval("select object from uploads")
    assert await dependencies.objects.read(name)
    async with fresh_database.transaction() as db:
        await forget(Work(NOBODY, NOW, db, dependencies), timedelta(days=1) + MONTH + MOMENT)
    with pytest.raises(NotFound):
        await dependencies.objects.read(name)


async def received_in(db: Connection, dependencies: Dependencies) -> tuple[uploads.Place, list[str]]:
    return await received(Work(NOBODY, NOW, db, dependencies), b"1")
