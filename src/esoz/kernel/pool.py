"""Connections to one database, opened when they are needed and kept while they are.

Smaller than the driver's own pool, which wraps each connection and resets it between requests: there is no session
state to reset (decision 3), and taking and giving back cost it as much as half a statement.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

_Connection: TypeAlias = Any  # asyncpg has no types

CLOSE_SECONDS = 10.0
SPARE_SECONDS = 300.0  # what nobody needed for so long is closed: an idle connection is megabytes at the server
KEPT = 1  # but one stays for the next request


class Pool:
    """At most `size` connections; the one given back last is taken first, so that few stay warm at low load."""

    def __init__(self, connect: Callable[[], Awaitable[_Connection]], *, size: int) -> None:
        self._connect, self.size = connect, size
        self._idle: list[_Connection] = []
        self._waiting: deque[asyncio.Future[_Connection | None]] = deque()
        self._opened = 0  # idle ones, those in use, and those being opened
        self._busy: set[_Connection] = set()
        self._closing = False
        self._returned = asyncio.Event()
        self._spare = 0  # the least number of idle ones since the timer was set
        self._timer: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def acquire(self, seconds: float) -> _Connection:
        """A connection that is open. Raises TimeoutError after so many seconds, and what opening one raises."""
        connection = self._take()
        if connection is None:
            async with asyncio.timeout(seconds):
                connection = await self._wait()
        self._busy.add(connection)
        return connection

    def release(self, connection: _Connection, *, is_in_doubt: bool = False) -> None:
        """Give back; a connection that broke, or was left inside a transaction, is not given to anybody again.

        Nor is one `in doubt`: its last statement was not answered yet. When that was a BEGIN, a transaction begins that
        nobody knows of, and what the next one writes would be lost with it.
        """
        self._busy.discard(connection)
        self._returned.set()
        if not connection.is_closed() and (self._closing or is_in_doubt or connection.is_in_transaction()):
            connection.terminate()
        if connection.is_closed():
            self._opened -= 1
            self._hand_over(None)
        elif not self._hand_over(connection):
            self._idle.append(connection)
            self._count_spare()

    async def close(self) -> None:
        """Close all; those in use have a moment to be given back."""
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        idle, self._idle = self._idle, []
        self._opened -= len(idle)
        for connection in idle:
            await connection.close(timeout=CLOSE_SECONDS)
        await asyncio.gather(*self._ending, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._all_back()
        for connection in self._busy:
            connection.terminate()

    async def _all_back(self) -> None:
        while self._busy:
            self._returned.clear()
            await self._returned.wait()

    def _take(self) -> _Connection | None:
        """An idle connection; those that the server closed meanwhile are forgotten."""
        while self._idle:
            connection = self._idle.pop()
            self._spare = min(self._spare, len(self._idle))
            if not connection.is_closed():
                return connection
            self._opened -= 1
        return None

    def _count_spare(self) -> None:
        if self._timer is None and len(self._idle) > KEPT:
            self._spare = len(self._idle)
            self._timer = asyncio.get_running_loop().call_later(SPARE_SECONDS, self._close_spare)

    def _close_spare(self) -> None:
        """Close those that nobody needed since the timer was set; they stand in front, the last one is taken first."""
        self._timer = None
        spare = max(0, min(self._spare, len(self._idle)) - KEPT)
        unneeded, self._idle = self._idle[:spare], self._idle[spare:]
        self._opened -= len(unneeded)
        for connection in unneeded:
            ending = asyncio.ensure_future(connection.close(timeout=CLOSE_SECONDS))
            self._ending.add(ending)
            ending.add_done_callback(self._has_ended)
        self._count_spare()

    def _has_ended(self, ending: asyncio.Task[None]) -> None:
        self._ending.discard(ending)
        if not ending.cancelled():
            ending.exception()  # it is gone either way

    async def _wait(self) -> _Connection:
        """Open one while there may be more, or wait for one that is given back, in the order of coming."""
        while self._opened >= self.size:
            waiter: asyncio.Future[_Connection | None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                connection = await waiter
            except asyncio.CancelledError:
                self._pass_on(waiter)
                raise
            if connection is not None:
                return connection
        return await self._open()

    def _pass_on(self, waiter: asyncio.Future[_Connection | None]) -> None:
        """Somebody was given a connection and has gone away in the same moment: it is for the next one."""
        if waiter.done() and not waiter.cancelled():
            connection = waiter.result()
            if connection is None:
                self._hand_over(None)
            else:
                self.release(connection)

    async def _open(self) -> _Connection:
        self._opened += 1
        try:
            return await self._connect()
        except BaseException:
            self._opened -= 1
            self._hand_over(None)
            raise

    def _hand_over(self, connection: _Connection | None) -> bool:
        """Give a connection, or the room for a new one (None), to who waits longest; False when nobody does."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False
