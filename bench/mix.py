"""`python -m bench.mix` (`make load`): the mix of a working day at a steady rate, and how much of it central bears.

Of a hundred acts 80 read, 10 send an encounter package, 5 write and sign a prescription, 5 sign in. The callers are a
process of their own; central, its worker and PostgreSQL have the whole machine beside them.
"""

import argparse
import asyncio
import os
import random
import re
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg
import msgspec
import uvloop

from esoz.kernel.clock import SystemClock
from esoz.signature import Authority, TrustList

from .arrivals import Act, Ask, Lines, Outcome, histogram, moments, run
from .country import Country, build_country
from .machine import Cores, facts
from .place import Place, place
from .sign_ins import USERS, make_users, sign_in_wire
from .system import dependencies_of

TEMPLATE, LIVE = "bench_mix", "bench_mix_live"
SHARES = {"read": 80, "package": 10, "prescription": 5, "sign-in": 5}
PATIENTS = 100
FIRST_RATE, GROWTH = 20.0, 1.25
MOST_P95, MOST_ERRORS = 0.5, 0.01  # seconds; the share of all acts
WARM_UP = 5.0
KIBIBYTES = 1024
LATE_SECONDS = 120.0  # until the jobs of the last package must be done


@dataclass(frozen=True, slots=True)
class Step:
    """One rate, held for a while."""

    rate: float
    kinds: Mapping[str, Outcome]
    seconds: float  # until the last act had its answer
    waiting: int  # jobs that the worker had not yet done then
    failed: int

    @property
    def all(self) -> Outcome:
        """Acts of all kinds together."""
        found = Outcome()
        for each in self.kinds.values():
            found.latencies += each.latencies
            found.errors += each.errors
        return found

    @property
    def held(self) -> bool:
        """Was everybody served well: nineteen of twenty in half a second, and the worker keeps up."""
        total = self.all
        errs = total.errors.total() + self.failed
        keeps_up = self.waiting <= max(10.0, self.rate * SHARES["package"] / 100)
        return total.at(0.95) <= MOST_P95 and errs <= MOST_ERRORS * total.count and keeps_up


class Day:
    """Makes the acts of the mix, none of them twice."""

    def __init__(self, country: Country, source: random.Random) -> None:
        self._country, self._source, self._number = country, source, 0

    def acts(self, rate: float, seconds: float) -> list[tuple[float, str, Act]]:
        """Acts with their moments; whatever can be signed ahead is signed here, in nobody's time."""
        kinds, shares = list(SHARES), list(SHARES.values())
        chosen = [(due, self._source.choices(kinds, shares)[0]) for due in moments(rate, seconds, self._source)]
        return [(due, kind, self._act(kind)) for due, kind in chosen]

    def _act(self, kind: str) -> Act:
        self._number += 1
        country, number = self._country, self._number
        if kind == "prescription":
            return self._prescription(country.draft(number).wire())
        if kind == "package":
            return _asking(country.package(number).wire(), 202)
        if kind == "sign-in":
            return _asking(sign_in_wire(number % USERS, country), 201)
        reads = (country.search, country.episodes, country.episode)
        return _asking(reads[number % len(reads)](number).wire(), 200)

    def _prescription(self, draft: bytes) -> Act:
        async def act(ask: Ask) -> str:
            answer = await ask(draft)
            if answer.status != 201:
                return f"draft {answer.status}"
            signature = self._country.signature(msgspec.json.decode(answer.body)["data"])
            return await _asking(signature.wire(), 200)(ask)

        return act


def _asking(wire: bytes, status: int) -> Act:
    async def act(ask: Ask) -> str:
        answer = await ask(wire)
        return "" if answer.status == status else str(answer.status)

    return act


def main() -> int:
    """Run; the exit status is 1 when memory grew by more than it may, or a given rate was not held."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    cores = Cores.of_this_machine()
    for name, value in facts(cores).items():
        print(f"{name:12} {value}")
    try:
        with place(cores, pinned=False) as here, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            steps, memory = runner.run(_measure(here, arguments))
    except KeyboardInterrupt:
        print("Stopped; everything is removed.", file=sys.stderr)
        return 130
    growth = memory[1] / memory[0] - 1
    print(_report(steps, memory))
    if arguments.json:
        arguments.json.write_bytes(_as_json(steps, memory))
    held = any(step.held for step in steps)
    return 0 if held and growth <= arguments.most_growth / 100 else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.mix", description="The mix of a working day at a steady rate.")
    parser.add_argument("--rate", type=float, help="acts a second; when left out, it grows until the knee is found")
    parser.add_argument("--seconds", type=float, default=15, help="how long each rate is held (15)")
    parser.add_argument("--processes", type=int, default=1, help="servers and workers of central each (1)")
    parser.add_argument("--seed", type=int, default=1, help="of the order and the moments of the acts (1)")
    parser.add_argument("--most-growth", type=float, default=float("inf"), help="of central's memory, percent")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to a file")
    return parser.parse_args()


async def _measure(here: Place, arguments: argparse.Namespace) -> tuple[list[Step], tuple[float, float]]:
    day = Day(await _country(here), random.Random(arguments.seed))
    await here.copy(TEMPLATE, LIVE)
    steps: list[Step] = []
    async with _central(here, arguments.processes) as (pid, lines, db):
        await _step(day, lines, db, arguments.rate or FIRST_RATE, WARM_UP)
        before, rate = _resident(pid), arguments.rate or FIRST_RATE
        while True:
            steps.append(await _step(day, lines, db, rate, arguments.seconds))
            _say(steps[-1])
            if arguments.rate or not steps[-1].held:
                break
            rate *= GROWTH
        return steps, (before, _resident(pid))


async def _country(here: Place) -> Country:
    start = SystemClock().now() - timedelta(days=800)
    authority = Authority.create("Навчальний КНЕДП", scheme="dstu-gost", random=os.urandom, at=start)
    here.trust(authority)
    dependencies = dependencies_of(TrustList(authority.certificates), here.secret)
    country = await build_country(here.server.url(TEMPLATE), authority, dependencies, PATIENTS)
    await make_users(here.server.url(TEMPLATE), dependencies, country)
    return country


@asynccontextmanager
async def _central(here: Place, processes: int) -> AsyncIterator[tuple[int, Lines, asyncpg.Connection]]:
    with here.central(LIVE, processes) as (process, port), here.part("worker", LIVE, port, processes):
        lines, db = Lines(port), await asyncpg.connect(here.server.url(LIVE))
        try:
            yield process.pid, lines, db
        finally:
            lines.close()
            await db.close()


async def _step(day: Day, lines: Lines, db: asyncpg.Connection, rate: float, seconds: float) -> Step:
    acts = day.acts(rate, seconds)
    failed = await _jobs(db, "failed")
    began = time.perf_counter()
    kinds = await run(acts, lines.ask)
    took, waiting = time.perf_counter() - began, await _jobs(db, "pending")
    async with asyncio.timeout(LATE_SECONDS):
        while await _jobs(db, "pending"):  # noqa: ASYNC110 the worker is another process
            await asyncio.sleep(0.1)
    return Step(rate, kinds, took, waiting, await _jobs(db, "failed") - failed)


async def _jobs(db: asyncpg.Connection, status: str) -> int:
    """`failed` counts everything that is neither done nor waiting."""
    which = "status = 'pending'" if status == "pending" else "status not in ('pending', 'processed')"
    count: int = await db.fetchval(f"select count(*) from jobs where {which}")
    return count


def _resident(pid: int) -> float:
    """Resident memory of a process and its children, MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0
    for each in (pid, *children):
        found = re.search(r"^VmRSS:\s+(\d+)", Path(f"/proc/{each}/status").read_text(), re.MULTILINE)
        total += int(found[1]) if found else 0
    return total / KIBIBYTES


def _say(step: Step) -> None:
    total = step.all
    word = "held" if step.held else "not held"
    print(
        f"{time.strftime('%H:%M:%S')}  {step.rate:7.1f}/s  p95 {total.at(0.95) * 1e3:8.1f} ms"
        f"  errors {total.errors.total() + step.failed}  jobs waiting {step.waiting}  {word}",
        flush=True,
    )


def _report(steps: Sequence[Step], memory: tuple[float, float]) -> str:
    """The knee, and the step that held it, kind by kind."""
    held = [step for step in steps if step.held]
    shown = held[-1] if held else steps[-1]
    lines = ["", f"knee          {held[-1].rate:.0f}/s" if held else "knee          below the first rate", ""]
    lines.append(
        f"{'at ' + format(shown.rate, '.0f') + '/s':14} {'acts':>6} {'p50 ms':>9} {'p95 ms':>9} {'p99 ms':>9}  errors"
    )
    for kind, outcome in sorted(shown.kinds.items()):
        p50, p95, p99 = (outcome.at(share) * 1e3 for share in (0.5, 0.95, 0.99))
        errors = ", ".join(f"{count} × {what}" for what, count in outcome.errors.items()) or "–"
        lines.append(f"{kind:14} {outcome.count:6} {p50:9.1f} {p95:9.1f} {p99:9.1f}  {errors}")
    lines += ["", "latency of all acts, from the moment they were due", *histogram(shown.all.latencies), ""]
    lines.append(
        f"memory of central, MB: {memory[0]:.1f} before, {memory[1]:.1f} after ({memory[1] / memory[0] - 1:+.1%})"
    )
    return "\n".join(lines)


def _as_json(steps: Sequence[Step], memory: tuple[float, float]) -> bytes:
    told = [
        {
            "rate": step.rate,
            "held": step.held,
            "jobs_waiting": step.waiting,
            "jobs_failed": step.failed,
            "kinds": {
                kind: {
                    "acts": outcome.count,
                    "errors": dict(outcome.errors),
                    **{f"p{share}": outcome.at(share / 100) for share in (50, 95, 99) if outcome.latencies},
                }
                for kind, outcome in step.kinds.items()
            },
        }
        for step in steps
    ]
    return msgspec.json.encode({"steps": told, "memory_mb": {"before": memory[0], "after": memory[1]}})


if __name__ == "__main__":
    sys.exit(main())
