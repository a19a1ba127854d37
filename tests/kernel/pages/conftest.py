"""The example site on a database of its own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib.resources import files

import httpx
import pytest

from esoz.kernel import audit
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from tests.conftest import Server
from tests.emptying import empty_tables

from .example import site as example

BASE_URL = "http://127.0.0.1:8499"
RECORDS = "create table records (number bigint generated always as identity primary key, text text not null)"
SQL = files("esoz.kernel.sql")
TABLES = (
    "0001_audit.sql",
    "0004_sessions.sql",
    "0007_remote_signings.sql",
    "0008_session_ends.sql",
    "0271_remote_signing_reasons.sql",
)


@pytest.fixture(scope="module")
async def database(server: Server, process_name: str) -> AsyncIterator[Database]:
    """Tables of the page kit and one table of the example."""
    name = f"{process_name}_pages"
    await server.copy("template0", name)
    database = Database(server.url(name))
    await database.open()
    async with database.connection() as db:
        await db.execute("".join((SQL / name).read_text("utf-8") for name in TABLES) + RECORDS)
        await audit.make_partitions(db, datetime(2026, 11, 22, tzinfo=UTC))
    yield database
    await database.close()
    await server.drop(name)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 22, 8, 0, tzinfo=UTC))


@pytest.fixture
async def visitor(database: Database, clock: FixedClock) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript: keeps cookies, is not signed in. Tables are empty."""
    async with database.connection() as db:
        await empty_tables(db, "remote_signings", "sessions", "form_tokens", "records", "ended_sessions", "drafts")
    transport = httpx.ASGITransport(example.make(database, clock, BASE_URL))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client
