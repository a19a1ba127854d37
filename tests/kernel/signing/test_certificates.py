"""The page that finds certificates of keys: no database connection waits for a trust centre."""

# ruff: noqa: F811 fixtures of the example site

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.signing import Signing
from tests.kernel.pages.conftest import BASE_URL, clock, database  # noqa: F401 the example's own fixtures
from tests.kernel.pages.example import site as example

from .test_phone import StrawFiles

KEY = "ab" * 32


@dataclass
class Directory:
    """Takes the only connection of the pool while it asks: a page that held one would wait for itself."""

    database: Database
    answer: bytes
    asked: list[Sequence[bytes]] = field(default_factory=list)

    def known(self, keys: Sequence[bytes]) -> bytes | None:
        return self.answer if self.asked else None

    async def ask(self, keys: Sequence[bytes]) -> None:
        async with self.database.transaction() as db:
            await db.execute("select 1")
        self.asked.append(keys)


@pytest.fixture
async def narrow(database: Database) -> AsyncIterator[Database]:
    found = Database(database.url, size=1)
    await found.open()
    yield found
    await found.close()


async def ask(database: Database, clock: FixedClock, directory: Directory, keys: str) -> httpx.Response:
    site = example.make(database, clock, BASE_URL, Signing(StrawFiles(), directory=directory))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE_URL) as client:
        return await client.get("/signing/certificates", params={"keys": keys})


async def test_found_then_given_and_the_centre_was_asked_without_a_connection(
    narrow: Database, clock: FixedClock
) -> None:
    directory = Directory(narrow, b"-----BEGIN CERTIFICATE-----")
    answer = await ask(narrow, clock, directory, KEY)
    assert (answer.status_code, answer.content) == (200, b"-----BEGIN CERTIFICATE-----")
    assert directory.asked == [[bytes.fromhex(KEY)]]


async def test_not_found_then_404(narrow: Database, clock: FixedClock) -> None:
    assert (await ask(narrow, clock, Directory(narrow, b""), KEY)).status_code == 404


@pytest.mark.parametrize("keys", ["", "zz", "ab", ",".join([KEY] * 5)])
async def test_nonsense_then_nobody_is_asked(narrow: Database, clock: FixedClock, keys: str) -> None:
    directory = Directory(narrow, b"")
    assert (await ask(narrow, clock, directory, keys)).status_code == 404
    assert directory.asked == []
