"""Several processes of central on one port: what they share is right, and one that is killed harms nobody."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import pytest

from esoz.kernel.db import Database
from tests.factories.world import Caller, World

WANTED = {"first_name": "Ніхто", "last_name": "Нікого", "birth_date": "1990-01-01"}
PATIENCE = 60.0
LIMIT = 64
KILLS, READERS = 3, 4


def free_ports() -> tuple[int, int]:
    """A port, and one that has a free neighbour."""
    while True:
        with socket.socket() as one, socket.socket() as first, socket.socket() as second:
            one.bind(("127.0.0.1", 0))
            first.bind(("127.0.0.1", 0))
            try:
                second.bind(("127.0.0.1", first.getsockname()[1] + 1))
            except OSError:
                continue
            return one.getsockname()[1], first.getsockname()[1]


@dataclass(frozen=True)
class Running:
    """central in two processes: the keeper, the port of both, the port of each."""

    keeper: int
    port: int
    own: tuple[int, int]
    database: Database

    def pids(self) -> list[int]:
        """The processes of now, those that start included."""
        children = Path(f"/proc/{self.keeper}/task/{self.keeper}/children").read_text().split()
        return [int(each) for each in children]


@contextmanager
def started(var: Path, url: str, **more: str) -> Iterator[tuple[int, int, int]]:
    port, first = free_ports()
    (var / "trust").mkdir()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ESOZ_")} | more
    environment |= {"ESOZ_VAR": str(var), "ESOZ_CENTRAL_DATABASE": url, "ESOZ_CENTRAL_PORT": str(port)}
    environment |= {"ESOZ_PROCESSES": "2", "ESOZ_PROCESS_PORT": str(first)}
    with (var / "central.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "esoz", "central"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process.pid, port, first
        process.terminate()
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not await is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def is_ready(port: int) -> bool:
    try:
        async with httpx.AsyncClient() as client:
            return (await client.get(f"http://127.0.0.1:{port}/health/ready")).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
async def running(fresh_database: Database, tmp_path: Path) -> AsyncIterator[Running]:
    async with fresh_database.transaction() as db:
        await db.execute("update tokens set expires_at = '2100-01-01'")
    with started(tmp_path, fresh_database.url, ESOZ_RATE_LIMIT="0") as (keeper, port, first):
        found = Running(keeper, port, (first, first + 1), fresh_database)
        for each in found.own:
            await until(lambda port=each: is_ready(port))
        yield found


async def read(caller: Caller, port: int, request_id: str = "") -> httpx.Response:
    """One read over a connection of its own."""
    headers = caller.headers | ({"X-Request-ID": request_id} if request_id else {})
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.get(f"http://127.0.0.1:{port}/api/persons", params=WANTED, headers=headers)


async def test_both_answer_on_one_port_and_a_blocked_user_is_refused_by_both_a_second_later(
    running: Running, fresh_world: World
) -> None:
    doctor = fresh_world.doctor
    assert [(await read(doctor, port)).status_code for port in (running.port, *running.own)] == [200, 200, 200]
    async with running.database.transaction() as db:
        await db.execute("update users set is_blocked = true where id = $1", doctor.user_id)
    blocked = time.monotonic()
    for port in running.own:

        async def is_refused(port: int = port) -> bool:
            asked = time.monotonic()
            status = (await read(doctor, port)).status_code
            assert status in (401, 403) or asked < blocked + 1
            return status in (401, 403)

        await until(is_refused)


async def test_limits_are_counted_over_both(fresh_database: Database, fresh_world: World, tmp_path: Path) -> None:
    async with fresh_database.transaction() as db:
        await db.execute("update tokens set expires_at = '2100-01-01'")
    with started(tmp_path, fresh_database.url, ESOZ_RATE_LIMIT=str(LIMIT)) as (_, _, first):
        for port in (first, first + 1):
            await until(lambda port=port: is_ready(port))
        while True:
            minute = time.time() // 60
            answers = [(await read(fresh_world.doctor, first + number % 2)).status_code for number in range(2 * LIMIT)]
            if minute == time.time() // 60:
                break
            await asyncio.sleep(60.1 - time.time() % 60)  # the count began anew meanwhile, and this minute's is used
    assert set(answers) == {200, 429}
    assert LIMIT * 7 // 8 <= answers.count(200) <= LIMIT + LIMIT // 16


async def test_killed_under_reads_then_nothing_was_answered_unaudited_and_it_is_started_again(
    running: Running, fresh_world: World
) -> None:
    answered: list[str] = []
    stopping = asyncio.Event()

    async def reader(number: int) -> None:
        turn = 0
        while not stopping.is_set():
            turn += 1
            request_id = f"read-{number}-{turn}"
            try:
                response = await read(fresh_world.doctor, running.port, request_id)
            except httpx.TransportError:
                continue  # its process was killed: no answer came
            assert response.status_code == 200
            answered.append(request_id)

    readers = [asyncio.create_task(reader(number)) for number in range(READERS)]
    try:
        for _ in range(KILLS):
            before, count = running.pids(), len(answered)
            await until(lambda count=count: _more_than(answered, count + 20))
            os.kill(before[0], signal.SIGKILL)
            await until(lambda before=before: _again(running, before))
    finally:
        stopping.set()
        await asyncio.gather(*readers)
    async with running.database.connection() as db:
        lines = await db.fetch("select distinct request_id from audit_events where request_id like 'read-%'")
    assert set(answered) <= {line["request_id"] for line in lines}


async def _more_than(answered: list[str], count: int) -> bool:
    return len(answered) > count


async def _again(running: Running, before: list[int]) -> bool:
    """Is there another process in the place of the killed one, and does each answer."""
    now = running.pids()
    return len(now) == len(before) and set(now) != set(before) and all([await is_ready(port) for port in running.own])


async def test_told_to_end_in_the_middle_of_a_request_then_it_is_answered(running: Running, fresh_world: World) -> None:
    holder = await asyncpg.connect(running.database.url)
    try:
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("lock table audit_events in access exclusive mode")
        asking = asyncio.create_task(read(fresh_world.doctor, running.port))
        await until(lambda: _waits(holder))
        os.kill(running.keeper, signal.SIGTERM)
        await until(lambda: _refuses(running.port))
        await transaction.rollback()
        assert (await asking).status_code == 200
    finally:
        await holder.close()


async def _waits(db: asyncpg.Connection) -> bool:
    found: bool = await db.fetchval("select exists (select from pg_locks where not granted)")
    return found


async def _refuses(port: int) -> bool:
    return not await is_ready(port)
