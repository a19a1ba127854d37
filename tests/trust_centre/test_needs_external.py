"""NeedsExternal, of requests and of jobs: nobody is asked while a transaction is open, and the act begins anew."""

import base64
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import httpx
import msgspec
import pytest

from esoz.kernel import jobs
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.http import API
from esoz.kernel.objects import Objects
from esoz.kernel.operation import Call, Operation, Operations, Reply
from esoz.kernel.signed import open_signed
from esoz.kernel.work import NOBODY, Actor, Dependencies, NeedsExternal, SignedContent, Signer, Work
from esoz.trust_centre.api import NoSchemas

from .conftest import NOW

SIGNER = Signer("2222222222", None, "Кобилянська", "Ольга", False, "1", None)
DOCUMENT = base64.b64encode(b"a signed document").decode()


class Watched(Database):
    """Knows how many connections are in use."""

    busy = 0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with super().connection() as connection:
            self.busy += 1
            try:
                yield connection
            finally:
                self.busy -= 1


class Hesitant:
    """A verifier that must ask `times` times before it knows."""

    def __init__(self, database: Watched, times: int) -> None:
        self.database, self.times = database, times
        self.busy_when_asked: list[int] = []

    def __call__(self, document: bytes, *, at: datetime, now: datetime | None = None) -> SignedContent:
        if len(self.busy_when_asked) < self.times:
            raise NeedsExternal(self.ask)
        return SignedContent(b'{"name": "value"}', (SIGNER,), b'{"checked": true}')

    async def ask(self) -> None:
        self.busy_when_asked.append(self.database.busy)


@pytest.fixture
async def watched(fresh_database: Database) -> AsyncIterator[Watched]:
    database = Watched(fresh_database.url, size=2)
    await database.open()
    yield database
    await database.close()


def dependencies(verifier: Hesitant) -> Dependencies:
    return Dependencies(Objects.in_memory(), verifier, NoSchemas(), b"a secret of the tests, long enough", bytes)


class Open:
    """Lets everybody in."""

    async def identify(self, headers: Mapping[str, str], operation: Operation, now: datetime) -> Actor:
        return NOBODY


class Signed(msgspec.Struct):
    signed_content: str


operations = Operations()


@operations.add("sign_something", "POST /api/documents", public=True)
async def take(call: Call) -> Reply:
    opened = await open_signed(call.work, call.body(Signed).signed_content)
    call.work.record(jobs.Status.PROCESSED, "document")
    return Reply(dict(opened.content), 201)


async def send(database: Watched, verifier: Hesitant, document: str = DOCUMENT) -> httpx.Response:
    made = dependencies(verifier)
    api = API(
        (operations,),
        database=database,
        gate=Open(),
        dependencies=made,
        clock=FixedClock(NOW),
        base_url="http://x",
        max_body=10_000,
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://x") as client:
        return await client.post("/api/documents", json={"signed_content": document})


class TestRequest:
    async def test_verifier_must_ask_then_asked_outside_and_done_once(self, watched: Watched) -> None:
        verifier = Hesitant(watched, 1)
        answer = await send(watched, verifier)
        assert (answer.status_code, verifier.busy_when_asked) == (201, [0])
        async with watched.connection() as db:
            assert await db.fetchval("select count(*) from audit_events where operation = 'sign_something'") == 1
        found = await stored_checks(watched)
        assert found == [b'{"checked": true}']

    async def test_verifier_never_knows_then_told_to_come_again(self, watched: Watched) -> None:
        # Another document: a verdict about the same bytes is remembered for a moment.
        answer = await send(watched, Hesitant(watched, 9), base64.b64encode(b"another one").decode())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "4")


async def stored_checks(database: Watched) -> list[bytes]:
    """What is kept beside the document, found by its digest alone."""
    folder = f"signature_checks/{hashlib.sha256(b'a signed document').hexdigest()}"
    async with database.connection() as db:
        rows = await db.fetch("select content from documents_waiting where name like $1", f"{folder}/%")
    return [row["content"] for row in rows]


class Signing(msgspec.Struct, frozen=True):
    signed: str


SIGN = jobs.JobKind("sign", Signing)


class TestJob:
    async def test_verifier_must_ask_then_asked_outside_and_the_job_is_performed_once(self, watched: Watched) -> None:
        verifier = Hesitant(watched, 1)
        made = dependencies(verifier)

        handlers = jobs.JobHandlers()

        @handlers.add(SIGN)
        async def sign(work: Work, body: Signing) -> jobs.Done:
            await open_signed(work, body.signed)
            work.record(jobs.Status.PROCESSED, "document")
            return jobs.Done()

        async with watched.transaction() as db:
            work = Work(Actor(client_id=UUID(int=1)), NOW, db, made)
            job = await jobs.submit(work, SIGN, UUID(int=2), Signing(DOCUMENT))
        worker = jobs.Worker(watched, dict(handlers), dependencies=made, clock=FixedClock(NOW))
        assert await worker.perform_one()
        assert verifier.busy_when_asked == [0]
        assert not await worker.perform_one()
        async with watched.connection() as db:
            found = await jobs.find(db, job.id, UUID(int=1))
            assert found is not None and found.status is jobs.Status.PROCESSED
            assert await db.fetchval("select count(*) from audit_events where operation = 'sign'") == 1
