"""What the running demo takes of the machine's memory: `esoz demo-memory`, a row for each process.

PSS counts a page that several processes share in equal parts, so the rows add up to what is really taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from esoz.kernel import postgres
from esoz.kernel.settings import Settings

from . import keeping

MEBIBYTE = 1024  # in the kibibytes of /proc


@dataclass(frozen=True, slots=True)
class Taken:
    """Memory of one process (or several of a kind), kibibytes: its part of everything, and what nobody else has."""

    name: str
    pss: int
    private: int


def measured(settings: Settings) -> list[Taken]:
    """All processes of the demo that runs, its database last, as one row."""
    found = [_taken(name, [pid]) for name, (pid, _) in keeping.remembered(settings).items()]
    server = postgres.embedded(settings.var, settings.number("ESOZ_POSTGRES_PORT"))
    mark = server.data / "postmaster.pid"
    if mark.exists():
        postmaster = int(mark.read_text().split()[0])
        found.append(_taken("PostgreSQL", [postmaster, *_children(postmaster)]))
    return found


def lines(found: Iterable[Taken]) -> list[str]:
    """A table for people, with the sum."""
    rows = [*found]
    rows.append(Taken("all", sum(each.pss for each in rows), sum(each.private for each in rows)))
    head = f"{'process':14} {'MB':>7} {'private':>9}"
    return [head, *(f"{row.name:14} {row.pss / MEBIBYTE:7.1f} {row.private / MEBIBYTE:9.1f}" for row in rows)]


def _taken(name: str, pids: Iterable[int]) -> Taken:
    pss = private = 0
    for pid in pids:
        try:
            known = dict(re.findall(r"^(\w+): +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE))
        except (FileNotFoundError, ProcessLookupError):
            continue  # a connection that was closed meanwhile
        pss += int(known["Pss"])
        private += int(known["Private_Clean"]) + int(known["Private_Dirty"])
    return Taken(name, pss, private)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
