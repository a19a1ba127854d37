"""`python -m bench.compare REV`: this very benchmark on an older revision and on this folder, in turn; medians, ratios.

The older revision is laid out in a folder of its own below `var/bench-compare` with its own packages; only `bench/` is
today's there, so that both are asked the same. `bench/system.py` knows what was called otherwise.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from .machine import Cores, facts

ROOT = Path(__file__).parent.parent
PLACE = ROOT / "var" / "bench-compare"
HEAD = ("work", "before/s", "now/s", "×", "CPU µs before", "now", "×", "PG µs before", "now", "×")


@dataclass(frozen=True, slots=True)
class Row:
    """Medians of one line over the rounds: answers a second, seconds of CPU an answer here and in PostgreSQL."""

    rate: float
    cpu: float
    database_cpu: float


def main() -> int:
    """Compare; the exit status is that of the first run that failed, else 0."""
    arguments = _arguments()
    machine = facts(Cores.of_this_machine())
    try:
        before = lay_out(arguments.revision)
        rounds: dict[Path, list[dict[str, Any]]] = {before: [], ROOT: []}
        for number in range(arguments.rounds):
            for folder, found in rounds.items():
                _say(f"round {number + 1} of {arguments.rounds}: {'before' if folder == before else 'now'}")
                found.append(run(folder, arguments.seconds, arguments.patients))
    except subprocess.CalledProcessError as fault:
        print(f"{' '.join(map(str, fault.cmd))}: exit {fault.returncode}\n{fault.stderr or ''}", file=sys.stderr)
        return fault.returncode or 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    old, new = medians(rounds[before]), medians(rounds[ROOT])
    print("\n" + "\n".join(f"{name:12} {value}" for name, value in machine.items()) + "\n")
    print(table(old, new))
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": machine, "before": rounds[before], "now": rounds[ROOT]}))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench.compare", description="Measure an older revision and this one in turn."
    )
    parser.add_argument("revision", help="the revision to compare with, as git names it")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each (3)")
    parser.add_argument("--seconds", type=float, default=6, help="length of one measurement (6)")
    parser.add_argument("--patients", type=int, default=150, help="adult patients in the database (150)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to a file")
    return parser.parse_args()


def lay_out(revision: str) -> Path:
    """A folder with the files of a revision, its packages, and today's benchmark. Raises CalledProcessError."""
    commit = _git("rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    folder = PLACE / commit[:12]
    if not (folder / ".ready").exists():
        _say(f"laying out {commit[:12]} in {folder}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-x"], cwd=folder, input=_git("archive", "--format=tar", commit), check=True)
        subprocess.run(["tools/setup.sh", "dev"], cwd=folder, check=True, capture_output=True, text=True)
        (folder / ".ready").touch()
    shutil.rmtree(folder / "bench")
    shutil.copytree(ROOT / "bench", folder / "bench", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(folder: Path, seconds: float, patients: int) -> dict[str, Any]:
    """One run of the benchmark in a folder: everything that it measured. Raises CalledProcessError."""
    report = PLACE / "report.json"
    command = [str(folder / ".venv/bin/python"), "-m", "bench", "--json", str(report)]
    command += ["--seconds", str(seconds), "--patients", str(patients)]
    environment = os.environ | {"ESOZ_SANDBOX": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found


def medians(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Row]:
    """The middle of each figure of each line over all rounds."""
    found: dict[str, list[Mapping[str, float]]] = {}
    for each in rounds:
        for row in each["rows"]:
            found.setdefault(row["name"], []).append(row["ours"])
    return {
        name: Row(*(median(each[figure] for each in measured) for figure in ("rate", "app_cpu", "database_cpu")))
        for name, measured in found.items()
    }


def table(before: Mapping[str, Row], now: Mapping[str, Row]) -> str:
    """Lines that both have, as a table of Markdown. A ratio of 2 is twice the rate, or half the CPU."""
    lines = [HEAD, ("---", *["---:"] * (len(HEAD) - 1))]
    lines += [(name, *_cells(old, now[name])) for name, old in before.items() if name in now]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(old: Row, new: Row) -> tuple[str, ...]:
    return (
        f"{old.rate:,.0f}",
        f"{new.rate:,.0f}",
        f"{new.rate / old.rate:.2f}",
        *_cost(old.cpu, new.cpu),
        *_cost(old.database_cpu, new.database_cpu),
    )


def _cost(old: float, new: float) -> tuple[str, str, str]:
    return f"{old * 1e6:,.0f}", f"{new * 1e6:,.0f}", f"{old / new:.2f}"


def _git(*arguments: str) -> bytes:
    command = ["git", "-c", "safe.directory=*", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
