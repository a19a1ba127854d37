"""Connections are shared fairly, never more than allowed, and never given on when they are broken."""

import asyncio
from contextlib import suppress

import pytest

from esoz.kernel import pool as pools
from esoz.kernel.pool import Pool


class Fake:
    """What the pool asks of a connection."""

    def __init__(self) -> None:
        self.closed = self.inside = False

    def is_closed(self) -> bool:
        return self.closed

    def is_in_transaction(self) -> bool:
        return self.inside

    def terminate(self) -> None:
        self.closed = True

    async def close(self, **_: float) -> None:
        self.closed = True


class Server:
    """Opens connections, or refuses."""

    def __init__(self) -> None:
        self.opened: list[Fake] = []
        self.away = False

    async def connect(self) -> Fake:
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionRefusedError
        self.opened.append(Fake())
        return self.opened[-1]


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def pool(server: Server) -> Pool:
    return Pool(server.connect, size=2)


async def test_one_after_another_then_one_connection_is_enough(pool: Pool, server: Server) -> None:
    for _ in range(5):
        pool.release(await pool.acquire(1))
    assert len(server.opened) == 1


async def test_many_at_once_then_no_more_than_allowed_and_in_the_order_of_coming(pool: Pool, server: Server) -> None:
    served: list[int] = []

    async def use(number: int) -> None:
        connection = await pool.acquire(1)
        served.append(number)
        await asyncio.sleep(0)
        pool.release(connection)

    await asyncio.gather(*(use(number) for number in range(20)))
    assert (len(server.opened), served) == (2, list(range(20)))


async def test_none_comes_back_in_time_then_told_and_its_place_is_nobodys(pool: Pool) -> None:
    held = [await pool.acquire(1), await pool.acquire(1)]
    with pytest.raises(TimeoutError):
        await pool.acquire(0.01)
    pool.release(held[0])
    assert await pool.acquire(0.01) is held[0]


@pytest.mark.parametrize("state", ["closed", "inside"])
async def test_a_broken_connection_then_it_is_given_to_nobody(pool: Pool, server: Server, state: str) -> None:
    broken = await pool.acquire(1)
    setattr(broken, state, True)
    pool.release(broken)
    assert broken.closed
    assert await pool.acquire(1) is not broken
    assert len(server.opened) == 2


async def test_closed_by_the_server_while_idle_then_another_is_opened(pool: Pool, server: Server) -> None:
    for connection in [await pool.acquire(1), await pool.acquire(1)]:
        pool.release(connection)
        connection.closed = True
    assert not (await pool.acquire(1)).closed
    assert not (await pool.acquire(1)).closed
    assert len(server.opened) == 4


async def test_a_waiter_sees_its_connection_break_in_other_hands_then_gets_a_new_one(pool: Pool) -> None:
    held = [await pool.acquire(1), await pool.acquire(1)]
    waiting = asyncio.create_task(pool.acquire(1))
    await asyncio.sleep(0)
    held[0].closed = True
    pool.release(held[0])
    assert await waiting not in held


async def test_a_waiter_goes_away_as_it_is_served_then_the_next_one_is(pool: Pool) -> None:
    held = [await pool.acquire(1), await pool.acquire(1)]
    first, second = asyncio.create_task(pool.acquire(1)), asyncio.create_task(pool.acquire(1))
    await asyncio.sleep(0)
    pool.release(held[0])
    first.cancel()
    assert await second is held[0]
    with suppress(asyncio.CancelledError):
        await first


async def test_the_server_is_away_then_told_and_later_it_works(pool: Pool, server: Server) -> None:
    server.away = True
    for _ in range(5):
        with pytest.raises(ConnectionRefusedError):
            await pool.acquire(1)
    server.away = False
    assert await pool.acquire(1)
    assert await pool.acquire(1)


async def test_given_back_in_doubt_then_closed_and_another_is_opened(pool: Pool, server: Server) -> None:
    doubtful = await pool.acquire(1)
    pool.release(doubtful, is_in_doubt=True)
    assert doubtful.closed
    assert await pool.acquire(1) is not doubtful
    assert await pool.acquire(1)
    assert len(server.opened) == 3


async def test_the_end_then_those_in_use_are_awaited_and_closed(pool: Pool) -> None:
    idle, used = await pool.acquire(1), await pool.acquire(1)
    pool.release(idle)
    closing = asyncio.create_task(pool.close())
    await asyncio.sleep(0)
    assert not closing.done()
    pool.release(used)
    await closing
    assert (idle.closed, used.closed) == (True, True)


async def test_many_were_needed_once_then_all_but_one_are_closed_when_nobody_needs_them(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "SPARE_SECONDS", 0.01)
    pool = Pool(server.connect, size=4)
    for each in [await pool.acquire(1) for _ in range(4)]:
        pool.release(each)
    in_use = await pool.acquire(1)
    async with asyncio.timeout(30):
        while sum(each.closed for each in server.opened) < 2:
            await asyncio.sleep(0.01)
    assert not in_use.closed
    assert await pool.acquire(1) in server.opened  # one stayed, and is the next one's
    again = [await pool.acquire(1) for _ in range(2)]  # there is room for new ones
    assert len(server.opened) == 6
    for each in (*again, in_use):
        pool.release(each)
    await pool.close()
