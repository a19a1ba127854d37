"""PUT of a scan to the link that a request has told, and what the request learns of it."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

import httpx
import pytest

from esoz.central import uploads
from esoz.central.upload_door import UploadDoor
from esoz.kernel import documents, strangers
from esoz.kernel.admission import Admission, come_again
from esoz.kernel.clock import FixedClock, new_id
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import NotFound
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.conftest import NOW, OneConnection
from tests.factories.scans import jpeg

FOLDER = "person_requests"
TYPE = "person.PASSPORT"
UNTIL = NOW + timedelta(hours=12)


@pytest.fixture
async def door(
    database: OneConnection, dependencies: Dependencies, clock: FixedClock
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(UploadDoor(database, dependencies, clock, "https://api.test"))
    async with httpx.AsyncClient(transport=transport, base_url="https://api.test") as client:
        yield client


def target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


async def expected(work: Work, *types: str) -> tuple[object, list[str]]:
    id = new_id()
    found = await uploads.expect(work, FOLDER, id, types or (TYPE,), until=UNTIL, patient_id=id)
    return id, [target(each.url) for each in found]


def problem(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


async def put(client: httpx.AsyncClient, path: str, content: bytes | None = None) -> httpx.Response:
    return await client.put(path, content=jpeg() if content is None else content)


class TestPut:
    async def test_scan_when_link_is_good_then_kept_below_the_request(
        self, work: Work, door: httpx.AsyncClient, db: Connection
    ) -> None:
        id, (link,) = await expected(work)
        response = await door.put(link, content=jpeg(), headers={"Content-Type": "image/jpeg"})
        assert (response.status_code, response.content) == (200, b"")
        (name,) = await uploads.close(work, FOLDER, id)
        assert name.startswith(f"{FOLDER}/{id}/")
        assert await documents.read(work.db, work.dependencies.objects, name) == jpeg()
        event = await db.fetchrow("select event, patient_id, user_id from audit_events where resource_id = $1", str(id))
        assert dict(event) == {"event": "upload.received", "patient_id": id, "user_id": None}

    async def test_scan_when_sent_again_then_the_later_one_counts(self, work: Work, door: httpx.AsyncClient) -> None:
        id, (link,) = await expected(work)
        await put(door, link)
        await put(door, link, jpeg(note=b"sharper"))
        (name,) = await uploads.close(work, FOLDER, id)
        assert await documents.read(work.db, work.dependencies.objects, name) == jpeg(note=b"sharper")

    async def test_scan_when_sent_without_end_then_refused(self, work: Work, door: httpx.AsyncClient) -> None:
        _, (link,) = await expected(work)
        for _ in range(20):
            assert (await put(door, link)).status_code == 200
        assert problem(await put(door, link)) == (429, "too_many_requests")

    async def test_scan_when_request_was_approved_then_refused(self, work: Work, door: httpx.AsyncClient) -> None:
        id, (link,) = await expected(work)
        await put(door, link)
        before = await uploads.close(work, FOLDER, id)
        assert problem(await put(door, link, jpeg(note=b"another"))) == (409, "request_conflict")
        assert await uploads.close(work, FOLDER, id) == before

    async def test_scan_when_link_has_expired_then_refused(
        self, work: Work, door: httpx.AsyncClient, clock: FixedClock
    ) -> None:
        _, (link,) = await expected(work)
        clock.moment = UNTIL
        assert problem(await put(door, link)) == (403, "forbidden")

    async def test_scan_when_link_is_of_another_document_then_refused_and_counted(
        self, work: Work, door: httpx.AsyncClient
    ) -> None:
        before = strangers.counted().get("put_uploads forbidden", 0)
        _, (link, _) = await expected(work, TYPE, "person.no_tax_id")
        assert problem(await put(door, link.replace(TYPE, "person.no_tax_id"))) == (403, "forbidden")
        assert strangers.counted()["put_uploads forbidden"] == before + 1

    async def test_scan_when_nobody_waits_for_it_then_not_found(self, work: Work, door: httpx.AsyncClient) -> None:
        id, (link,) = await expected(work)
        await work.db.execute("delete from uploads where request_id = $1", id)
        assert problem(await put(door, link)) == (404, "not_found")

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0"])
    async def test_something_else_then_refused_and_not_kept(
        self, work: Work, door: httpx.AsyncClient, content: bytes
    ) -> None:
        id, (link,) = await expected(work)
        response = await put(door, link, content)
        assert problem(response) == (422, "validation_failed")
        assert response.json()["error"]["invalid"][0]["rules"][0]["description"] == uploads.NOT_JPEG
        with pytest.raises(uploads.Missing):
            await uploads.close(work, FOLDER, id)

    async def test_scan_when_too_large_then_refused(self, work: Work, door: httpx.AsyncClient) -> None:
        _, (link,) = await expected(work)
        most = jpeg() + bytes(uploads.MOST_BYTES - len(jpeg()))
        assert (await put(door, link, most)).status_code == 200
        assert problem(await put(door, link, most + b"\0")) == (413, "request_too_large")

    async def test_scan_when_too_large_without_saying_so_then_refused(
        self, work: Work, door: httpx.AsyncClient
    ) -> None:
        _, (link,) = await expected(work)

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(11):
                yield bytes(1024 * 1024)

        assert problem(await door.put(link, content=pieces())) == (413, "request_too_large")

    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    async def test_another_method_then_refused(self, work: Work, door: httpx.AsyncClient, method: str) -> None:
        _, (link,) = await expected(work)
        answer = await door.request(method, link)
        assert (*problem(answer), answer.headers["allow"]) == (405, "method_not_allowed", "PUT")

    async def test_scan_when_there_is_no_room_then_told_when_to_come_again(
        self, work: Work, database: OneConnection, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        _, (link,) = await expected(work)
        full = UploadDoor(database, dependencies, clock, "https://api.test")

        class Full:
            clock = staticmethod(time.perf_counter)

            def must_have_room(self, scope: object) -> None:
                raise come_again(2)

        full.admission = cast(Admission, Full())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(full), base_url="https://api.test") as client:
            answer = await put(client, link)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")

    @pytest.mark.parametrize("path", ["/uploads/", "/uploads/a/b/c", "/uploads/%00/%2F/x", "/uploads/a/b"])
    async def test_odd_path_then_not_found(self, door: httpx.AsyncClient, path: str) -> None:
        assert problem(await put(door, path)) == (404, "not_found")


class TestClose:
    """DC-15"""

    async def test_when_some_are_missing_then_listed(self, work: Work, door: httpx.AsyncClient) -> None:
        id, links = await expected(work, "person.PASSPORT", "person.no_tax_id", "person.a")
        await put(door, links[0])
        with pytest.raises(uploads.Missing, match=r"Documents person\.a, person\.no_tax_id is not uploaded"):
            await uploads.close(work, FOLDER, id)

    async def test_when_nothing_was_waited_for_then_nothing(self, work: Work) -> None:
        assert await uploads.close(work, FOLDER, new_id()) == []

    async def test_links_when_asked_again_then_the_same_until_taken(self, work: Work, door: httpx.AsyncClient) -> None:
        id, links = await expected(work)
        assert [target(each.url) for each in await uploads.of_request(work, FOLDER, id)] == links
        await put(door, links[0])
        await uploads.close(work, FOLDER, id)
        assert await uploads.of_request(work, FOLDER, id) == []


async def test_never_came_when_a_month_has_passed_then_forgotten(work: Work, dependencies: Dependencies) -> None:
    id, _ = await expected(work)
    (_, _, forget) = uploads.periodic_tasks[0]
    await forget(Work(NOBODY, UNTIL + timedelta(days=30), work.db, dependencies))
    with pytest.raises(uploads.Missing):
        await uploads.close(work, FOLDER, id)
    await forget(Work(NOBODY, UNTIL + timedelta(days=31), work.db, dependencies))
    assert await uploads.close(work, FOLDER, id) == []


async def test_scan_when_it_comes_while_the_request_is_approved_then_what_was_taken_stays(
    fresh_database: Database, dependencies: Dependencies
) -> None:
    place = uploads.Place(FOLDER, new_id(), TYPE)
    async with fresh_database.act() as db:
        await uploads.expect(Work(NOBODY, NOW, db, dependencies), FOLDER, place.request_id, [TYPE], until=UNTIL)

    async def send(note: bytes) -> None:
        async with fresh_database.act() as db:
            await uploads.receive(Work(NOBODY, NOW, db, dependencies), place, jpeg(note=note))

    async def approve() -> list[str]:
        async with fresh_database.act() as db:
            return await uploads.close(Work(NOBODY, NOW, db, dependencies), FOLDER, place.request_id)

    await send(b"first")
    results = await asyncio.gather(approve(), *(send(str(n).encode()) for n in range(5)), return_exceptions=True)
    taken, *sent = results
    assert not isinstance(taken, BaseException)
    assert all(each is None or isinstance(each, uploads.Closed) for each in sent)
    async with fresh_database.connection() as db:
        assert [await db.fetchval("select object from uploads where request_id = $1", place.request_id)] == taken


async def test_place_when_unknown_then_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        await uploads.receive(work, uploads.Place(FOLDER, new_id(), TYPE), jpeg())
