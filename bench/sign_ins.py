"""`python -m bench.sign_ins`: sign-ins per second, and what 20 at once do to the answers that others wait for."""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

import uvloop
from tests.factories.world import API_KEY

from esoz.central import identity
from esoz.kernel.clock import SystemClock
from esoz.kernel.db import Database
from esoz.signature import Authority, TrustList

from .client import Line
from .country import Country, build_country
from .load import Asking, asking, lines
from .machine import Cores, facts, run_on
from .place import Place, place
from .statistics import percentile
from .system import Dependencies, dependencies_of, working

USERS = 20
READERS = 8  # lines that reads are sent over
EVERY = 0.01  # seconds between two reads: a busy hour of one server, not its limit
ROUNDS = 7  # of each kind, one after another in turn, so that a neighbour of the machine disturbs both alike
PATIENTS = 30
PASSWORD = "Пароль-для-виміру-1"
TEMPLATE, LIVE = "bench_sign_ins", "bench_sign_ins_live"
MOST = 2.0  # how many times slower the slowest hundredth of other answers may become


@dataclass(slots=True)
class Round:
    """One stretch: the latencies of reads and of sign-ins, in seconds."""

    seconds: float
    reads: list[float] = field(default_factory=list)
    sign_ins: list[float] = field(default_factory=list)


def main() -> int:
    """Run; the exit status is 1 when sign-ins disturb others more than they may."""
    parser = argparse.ArgumentParser(prog="bench.sign_ins", description="Measure signing in by password.")
    parser.add_argument("--seconds", type=float, default=4, help="length of one round (4)")
    seconds = parser.parse_args().seconds
    cores = Cores.of_this_machine()
    for name, value in facts(cores).items():
        print(f"{name:12} {value}")
    with place(cores) as here, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        quiet, busy = runner.run(_measure(here, seconds))
    return _report(quiet, busy)


def _report(quiet: Sequence[Round], busy: Sequence[Round]) -> int:
    before, beside = (median(percentile(each.reads, 0.99) for each in rounds) for rounds in (quiet, busy))
    middle = [median(percentile(each.reads, 0.5) for each in rounds) for rounds in (quiet, busy)]
    rate = max(len(each.sign_ins) / each.seconds for each in busy)
    longest = median(percentile(each.sign_ins, 0.99) for each in busy)
    print(f"\nsign-ins, {USERS} at once           {rate:6.1f}/s   p99 {longest * 1e3:7.1f} ms")
    print(f"reads, nobody signs in           p50 {middle[0] * 1e3:7.2f} ms   p99 {before * 1e3:7.2f} ms")
    print(f"reads, {USERS} sign-ins beside them    p50 {middle[1] * 1e3:7.2f} ms   p99 {beside * 1e3:7.2f} ms")
    print(f"p99 beside sign-ins: {beside / before:.2f} times (at most {MOST:.0f})")
    return 0 if beside <= MOST * before else 1


async def _measure(here: Place, seconds: float) -> tuple[list[Round], list[Round]]:
    run_on(here.cores.app)
    start = SystemClock().now() - timedelta(days=800)
    authority = Authority.create("Навчальний КНЕДП", scheme="dstu-gost", random=os.urandom, at=start)
    here.trust(authority)
    dependencies = dependencies_of(TrustList(authority.certificates), here.secret)
    country = await build_country(here.server.url(TEMPLATE), authority, dependencies, PATIENTS)
    await make_users(here.server.url(TEMPLATE), dependencies, country)
    await here.copy(TEMPLATE, LIVE)
    run_on(here.cores.rest)
    with here.central(LIVE) as (_, port):
        async with _callers(port) as (readers, signers):
            await _round(readers, signers, country, seconds)  # warming up
            quiet, busy = [], []
            for _ in range(ROUNDS):
                quiet.append(await _round(readers, [], country, seconds))
                busy.append(await _round(readers, signers, country, seconds))
    return quiet, busy


async def make_users(url: str, dependencies: Dependencies, country: Country) -> None:
    """People who can sign in, with a password each."""
    database = Database(url, size=1)
    await database.open()
    async with working(database, dependencies) as work:
        for number in range(USERS):
            user = await identity.create_user(work, email=_email(number), password=PASSWORD)
            await identity.give_role(work, user.id, country.doctor.client_id, "DOCTOR")
    await database.close()


def _email(number: int) -> str:
    return f"doctor-{number}@clinic.example"


@asynccontextmanager
async def _callers(port: int) -> AsyncIterator[tuple[list[Line], list[Line]]]:
    async with lines(port, READERS) as readers, lines(port, USERS) as signers:
        yield readers, signers


async def _round(readers: Sequence[Line], signers: Sequence[Line], country: Country, seconds: float) -> Round:
    """Reads at an even pace, each timed from the moment it was due; beside them everybody signs in again and again."""
    found, end = Round(seconds), time.perf_counter() + seconds
    free: asyncio.Queue[Asking] = asyncio.Queue()
    for line in readers:
        free.put_nowait(asking(line, 200))
    signing = [_sign_in(line, sign_in_wire(number, country), end, found) for number, line in enumerate(signers)]
    await asyncio.gather(_reads(free, country, end, found), *signing)
    return found


async def _reads(free: "asyncio.Queue[Asking]", country: Country, end: float, found: Round) -> None:
    wires = [country.search(number).wire() for number in range(PATIENTS)]
    under_way, due = set[asyncio.Task[None]](), time.perf_counter()
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        task = asyncio.create_task(_read(free, wires[len(found.reads) % PATIENTS], due, found))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        due += EVERY
    await asyncio.gather(*under_way)


async def _read(free: "asyncio.Queue[Asking]", wire: bytes, due: float, found: Round) -> None:
    ask = await free.get()
    await ask(wire)
    found.reads.append(time.perf_counter() - due)
    free.put_nowait(ask)


async def _sign_in(line: Line, wire: bytes, end: float, found: Round) -> None:
    ask = asking(line, 201)
    while time.perf_counter() < end:
        started = time.perf_counter()
        await ask(wire)
        found.sign_ins.append(time.perf_counter() - started)


def sign_in_wire(number: int, country: Country) -> bytes:
    """The request of one of them, ready to be sent."""
    asked = {
        "grant_type": "password",
        "client_id": str(country.doctor.client_id),
        "scope": "app:authorize",
        "email": _email(number),
        "password": PASSWORD,
    }
    body = json.dumps({"token": asked}).encode()
    head = [
        "POST /auth/login HTTP/1.1",
        "Host: bench",
        f"API-key: {API_KEY}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "",
        "",
    ]
    return "\r\n".join(head).encode() + body


if __name__ == "__main__":
    sys.exit(main())
