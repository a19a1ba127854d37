"""`python -m bench`: makes a database, measures, prints, removes everything; ends cleanly on Ctrl-C too."""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import uvloop

from esoz.kernel.clock import SystemClock
from esoz.signature import Authority, TrustList

from . import scaled
from .country import build_country
from .growth import Size
from .load import Timing
from .machine import Cores, facts, run_on
from .place import Place, place
from .report import as_json, table
from .scenarios import TEMPLATE, Bench, Row
from .system import dependencies_of, is_there

WINDOWS = 5


def main() -> int:
    """Run the benchmark; the exit status is 0 when everything was measured."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # `kill` ends it as Ctrl-C does
    cores = Cores.of_this_machine()
    machine = facts(cores)
    try:
        with (
            place(cores, flames=arguments.flames) as here,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            rows = runner.run(_measure(here, arguments) if arguments.scale is None else _scaled(here, arguments))
    except KeyboardInterrupt:
        print("Stopped; everything is removed.", file=sys.stderr)
        return 130
    machine["load_after"] = round(os.getloadavg()[0], 2)
    print("\n" + "\n".join(f"{name:12} {value}" for name, value in machine.items()) + "\n")
    print(table(rows))
    if arguments.json:
        arguments.json.write_text(as_json(machine, rows), "utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure central against the same SQL without it.")
    parser.add_argument("--seconds", type=float, default=6, help="length of one measurement (6)")
    parser.add_argument("--patients", type=int, default=150, help="adult patients in the database (150)")
    scale = "also on a database of this size, e.g. country/100, and what costs more there"
    parser.add_argument("--scale", type=Size.named, metavar="SIZE", help=scale)
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose name has this text, e.g. episode")
    parser.add_argument("--flames", type=Path, metavar="FOLDER", help="draw where the time goes; slower meanwhile")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to a file")
    return parser.parse_args()


async def _scaled(here: Place, arguments: argparse.Namespace) -> list[Row]:
    """The small database first, then the same one grown; no replays, for what is grown is not copied."""
    small = replace(await _prepare(here, arguments), with_floors=False)
    before = await _measured(small, arguments)
    grown = await scaled.grow(small, arguments.scale, _say)
    rows = await _measured(grown, arguments)
    print("\n" + scaled.table(scaled.together(before, rows)) + "\n\n" + await scaled.searches(grown), flush=True)
    return rows


async def _measure(here: Place, arguments: argparse.Namespace) -> list[Row]:
    return await _measured(await _prepare(here, arguments), arguments)


async def _measured(bench: Bench, arguments: argparse.Namespace) -> list[Row]:
    rows = []
    async for found in _rows(bench, arguments.only):
        for row in found:
            _say(f"{row.name}: {row.ours.rate:,.0f}/s")
            rows.append(row)
    return rows


async def _prepare(here: Place, arguments: argparse.Namespace) -> Bench:
    _say(f"Registers of the country and {arguments.patients} patients")
    run_on(here.cores.app)
    start = SystemClock().now() - timedelta(days=800)
    authority = Authority.create("Навчальний КНЕДП", scheme="dstu-gost", random=os.urandom, at=start)
    here.trust(authority)
    dependencies = dependencies_of(TrustList(authority.certificates), here.secret)
    country = await build_country(here.server.url(TEMPLATE), authority, dependencies, arguments.patients)
    timing = Timing(min(1.0, arguments.seconds / 5), WINDOWS, arguments.seconds / WINDOWS)
    return Bench(here, country, dependencies, timing)


async def _rows(bench: Bench, only: str) -> AsyncIterator[list[Row]]:
    reads = (
        ("search of a patient", bench.country.search),
        ("episodes of a patient", bench.country.episodes),
        ("one episode by id", bench.country.episode),
    )
    for name, request in reads:
        if only in name:
            yield [await bench.read(name, request)]
    dispenses = only in "one prescription at a pharmacy, dispense"
    if dispenses or only in "prescription: create, sign, both":
        yield await bench.prescription()
    if dispenses:  # of the prescriptions that were written before
        yield [await bench.prescription_at_pharmacy()]
        yield await bench.dispense()
    if only in "declaration: create, approve, sign" and is_there("esoz.central.declarations.commands.signing"):
        yield await bench.declaration()
    if only in "package until processed":
        yield await bench.package()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
