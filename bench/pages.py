"""`python -m bench.pages`: pages of the workplace per second and per core, and what each costs.

mis runs as its own process over its own database; doctor, head and pharmacist are signed in; a day of work stands in
the lists. Central is another process that answers at once (bench/central_stub.py): pages that ask it are listed apart,
for they also pay for a request of their own.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from esoz.kernel.clock import SystemClock
from esoz.signature import Authority

from .client import connect
from .clinic import Clinic, build_clinic
from .load import Meter, Timing, asking, lines, load
from .machine import Cores, facts, free_port, run_on
from .place import Place, place
from .statistics import Figures, figures

DATABASE = "bench_pages"
CLIENTS = 8
WINDOWS = 5
HEAD = ("", "pages/s", "p50 ms", "p99 ms", "CPU µs", "1/CPU", "PG µs", "bytes", "rows")
LEGEND = f"""
pages/s  pages per second of one core: {CLIENTS} clients over open connections, each asks as soon as it is answered
CPU µs   user and system time of the process of mis per page; PG µs: of PostgreSQL, on the other core
1/CPU    pages per second of a core that nobody else uses, by the CPU time of one page
bytes    of the page as it is sent; rows: lines of its tables
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A page: its name in the report, its address, who opens it; `asks_central`: it waits for central."""

    name: str
    path: str
    who: str
    asks_central: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report."""

    name: str
    asks_central: bool
    figures: Figures
    size: int
    rows: int


def asked(clinic: Clinic) -> Sequence[Ask]:
    """The pages that are measured."""
    return (
        Ask("desk", "/", "doctor"),
        Ask("patients", "/patients", "doctor"),
        Ask("sync queue", "/sync", "doctor"),
        Ask("prescriptions", "/prescriptions", "doctor"),
        Ask("account", "/account", "head"),
        Ask("pharmacy", "/pharmacy", "pharmacist"),
        Ask("patient", f"/patients/{clinic.patient}", "doctor", asks_central=True),
        Ask("journal of dispenses", "/dispenses", "pharmacist", asks_central=True),
    )


def main() -> int:
    """Measure; the exit status is 0 when everything was measured."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    cores = Cores.of_this_machine()
    machine = facts(cores)
    try:
        with place(cores) as here, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            rows = runner.run(_measure(here, arguments))
    except KeyboardInterrupt:
        print("Stopped; everything is removed.", file=sys.stderr)
        return 130
    print("\n" + "\n".join(f"{name:12} {value}" for name, value in machine.items()) + "\n")
    print(table(rows))
    if arguments.json:
        arguments.json.write_text(as_json(machine, rows), "utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.pages", description="Measure pages of the workplace.")
    parser.add_argument("--seconds", type=float, default=5, help="length of one measurement (5)")
    parser.add_argument("--only", default="", metavar="TEXT", help="pages whose name has this text, e.g. queue")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to a file")
    return parser.parse_args()


async def _measure(here: Place, arguments: argparse.Namespace) -> list[Row]:
    run_on(here.cores.rest)
    here.trust(Authority.create("Навчальний КНЕДП", scheme="dstu-gost", random=os.urandom, at=SystemClock().now()))
    await here.execute(f"create database {DATABASE}")
    clinic = await build_clinic(here.server.url(DATABASE), here.secret)
    timing = Timing(min(1.0, arguments.seconds / 5), WINDOWS, arguments.seconds / WINDOWS)
    rows = []
    with _central() as central, here.mis(DATABASE, central) as (process, port):
        meter = Meter([process.pid], here.server_pid)
        for ask in asked(clinic):
            if arguments.only in ask.name:
                rows.append(await _row(ask, _wire(ask, clinic.cookies), port, meter, timing))
                print(f"{time.strftime('%H:%M:%S')}  {ask.name}: {rows[-1].figures.rate:,.0f}/s", flush=True)
    return rows


@contextmanager
def _central() -> Iterator[int]:
    """The stand-in of central; its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.central_stub", str(port)])
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


async def _row(ask: Ask, wire: bytes, port: int, meter: Meter, timing: Timing) -> Row:
    page = await _once(port, wire)
    async with lines(port, CLIENTS) as opened:
        windows = await load([asking(line, 200) for line in opened], cycle((wire,)), meter, timing)
    return Row(ask.name, ask.asks_central, figures(windows), len(page), max(page.count(b"<tr") - 1, 0))


async def _once(port: int, wire: bytes) -> bytes:
    """One answer; waits until the stand-in and the pool are awake. Raises RuntimeError when it is not the page."""
    line = await connect(port)
    try:
        answer = await line.ask(wire)
    finally:
        line.close()
    if answer.status != 200:
        raise RuntimeError(f"mis answered {answer.status}: {answer.body.decode()[:2000]}")
    return answer.body


def _wire(ask: Ask, cookies: Mapping[str, str]) -> bytes:
    head = (f"GET {ask.path} HTTP/1.1", "Host: bench", "Accept: text/html", f"Cookie: esoz_mis={cookies[ask.who]}")
    return "\r\n".join([*head, "", ""]).encode()


def table(rows: Sequence[Row]) -> str:
    """Two tables with their legend: pages of our own data, and those that ask central."""
    parts = []
    for title, is_so in (("own data", False), ("central is asked (a stand-in that answers at once)", True)):
        cells = [(title, *HEAD[1:]), *(_cells(row) for row in rows if row.asks_central is is_so)]
        widths = [max(len(line[at]) for line in cells) for at in range(len(HEAD))]
        parts += [
            "  ".join(
                cell.ljust(width) if at == 0 else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
            for line in cells
        ]
        parts.append("")
    return "\n".join(parts) + LEGEND


def _cells(row: Row) -> tuple[str, ...]:
    one = row.figures
    return (
        row.name,
        f"{one.rate:,.0f}",
        f"{one.p50 * 1e3:.1f}",
        f"{one.p99 * 1e3:.1f}",
        f"{one.app_cpu * 1e6:,.0f}",
        f"{1 / one.app_cpu:,.0f}",
        f"{one.database_cpu * 1e6:,.0f}",
        f"{row.size:,}",
        str(row.rows),
    )


def as_json(machine: Mapping[str, object], rows: Sequence[Row]) -> str:
    """Everything that was measured; times in seconds."""
    whole: Mapping[str, Any] = {"machine": machine, "rows": rows}
    return msgspec.json.format(msgspec.json.encode(whole)).decode()


if __name__ == "__main__":
    sys.exit(main())
