"""Faults of the database's connection: each of them is 503 with a time to come again, wherever it comes."""

import asyncio
import inspect
from contextlib import asynccontextmanager

import asyncpg
import pytest

from esoz.kernel.db import Database
from esoz.kernel.errors import Unavailable
from esoz.kernel.outages import OUTAGES, is_outage
from esoz.kernel.transaction import RETRIES, retrying

# Classes of PostgreSQL's codes (appendix A) that speak of the server and not of what was asked of it.
OF_THE_SERVER = ("08", "53", "57", "58")
FOUND = [each for each in vars(asyncpg.exceptions).values() if inspect.isclass(each) and issubclass(each, Exception)]
SERVER = [each for each in FOUND if str(getattr(each, "sqlstate", "") or "").startswith(OF_THE_SERVER)]
DRIVER = [
    lambda: asyncpg.InterfaceError("connection is closed"),
    lambda: asyncpg.InternalClientError("got result for unknown protocol state 3"),
    lambda: ConnectionResetError("reset"),
    lambda: BrokenPipeError("broken"),
    TimeoutError,
    lambda: asyncio.IncompleteReadError(b"", 5),
    lambda: asyncpg.ReadOnlySQLTransactionError("a standby now"),
    lambda: asyncpg.InFailedSQLTransactionError("aborted"),
    lambda: asyncpg.LockNotAvailableError("locked"),
]
ALL = [*SERVER, *DRIVER]


def named(make: object) -> str:
    return make.__name__ if inspect.isclass(make) else repr(make()) if callable(make) else ""


class _Pool:
    """Hands out something in the place of a connection, or fails to."""

    def __init__(self, fault: Exception | None = None) -> None:
        self._fault = fault
        self.given_back = 0

    async def acquire(self, timeout: float) -> object:
        if self._fault:
            raise self._fault
        return object()

    def release(self, _connection: object, *, is_in_doubt: bool) -> None:
        self.given_back += 1


def over(pool: _Pool) -> Database:
    database = Database("postgresql://nowhere")
    database._pool = pool
    return database


def test_server_has_many_words_for_it() -> None:
    assert {asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError} <= set(SERVER)
    assert all(issubclass(each, OUTAGES) for each in SERVER)


@pytest.mark.parametrize("make", ALL, ids=named)
class TestEverywhere:
    async def test_while_a_connection_is_asked_for(self, make) -> None:
        with pytest.raises(Unavailable) as refusal:
            async with over(_Pool(make())).connection():
                pass
        assert refusal.value.headers == {"Retry-After": "5"}

    async def test_while_it_is_used_then_it_is_given_back_too(self, make) -> None:
        pool = _Pool()
        with pytest.raises(Unavailable) as refusal:
            async with over(pool).connection():
                raise make()
        assert refusal.value.headers == {"Retry-After": "5"}
        assert pool.given_back == 1

    async def test_at_the_end_of_an_act(self, make) -> None:
        async def act() -> None:
            async with ending_with(make()):
                pass

        with pytest.raises(Unavailable):
            await retrying(act)


@asynccontextmanager
async def ending_with(fault: Exception):
    yield
    raise fault


@pytest.mark.parametrize(
    "make", [asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.InvalidCachedStatementError]
)
async def test_others_stand_in_the_way_again_and_again_then_come_again(make) -> None:
    calls = []

    async def act() -> None:
        calls.append(1)
        raise make()

    with pytest.raises(Unavailable):
        await retrying(act)
    assert len(calls) == RETRIES


async def test_value_that_no_column_holds_then_it_is_no_outage() -> None:
    with pytest.raises(ValueError, match="argument") as fault:
        async with over(_Pool()).connection():
            raise asyncpg.exceptions._base.DataError("invalid input for query argument $1")
    assert not is_outage(fault.value)
