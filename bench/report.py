"""The report of a run: a table for people, JSON for programs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from .scenarios import CALLERS, CONNECTIONS, Row
from .statistics import Figures, ratio

HEAD = ("", "req/s", "p50 ms", "p99 ms", "CPU µs", "1/CPU", "PG µs", "SQL", "raw/s", "raw µs", "of raw", "CPU:raw")
LEGEND = f"""
req/s    requests per second of one core: {CALLERS} callers over open connections, each asks as soon as it is answered
CPU µs   user and system time of central's processes per request; PG µs: of PostgreSQL, on the other core
1/CPU    requests per second of a core that nobody else uses, by the CPU time of one request
SQL      statements of one request, BEGIN and COMMIT included
raw/s    the same statements with the same arguments in the same transactions, issued by asyncpg alone over
         {CONNECTIONS} connections from a process on the same core: no HTTP, JSON, checks, rules or signatures
raw µs   CPU of that process for the statements of one request
of raw   req/s ÷ raw/s: the share of the driver's own speed that is left; 1.00 would mean that our work costs nothing
CPU:raw  CPU µs ÷ raw µs: the same by CPU time, which neighbours on the machine disturb least
"""


def table(rows: Iterable[Row]) -> str:
    """The table with its legend."""
    cells = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEAD))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]
    return "\n".join(lines) + "\n" + LEGEND


def as_json(machine: Mapping[str, object], rows: Sequence[Row]) -> str:
    """Everything that was measured, as JSON; times in seconds."""
    whole = {"machine": machine, "rows": [_plain(row) for row in rows]}
    return msgspec.json.format(msgspec.json.encode(whole)).decode()


def _plain(row: Row) -> dict[str, Any]:
    plain = {"name": row.name, "statements": row.statements, "ours": row.ours, "raw": row.raw}
    if row.raw is not None:
        plain |= {"of_raw": ratio(row.ours.rate, row.raw.rate), "cpu_times": row.ours.app_cpu / row.raw.app_cpu}
    return plain


def _cells(row: Row) -> tuple[str, ...]:
    ours = row.ours
    own = (
        f"{ours.rate:,.0f}",
        f"{ours.p50 * 1e3:.1f}",
        f"{ours.p99 * 1e3:.1f}",
        _micro(ours.app_cpu),
        f"{1 / ours.app_cpu:,.0f}",
        _micro(ours.database_cpu),
        f"{row.statements:.0f}",
    )
    return (row.name, *own, *(_raw_cells(ours, row.raw) if row.raw else ("—",) * 4))


def _raw_cells(ours: Figures, raw: Figures) -> tuple[str, ...]:
    return (
        f"{raw.rate:,.0f}",
        _micro(raw.app_cpu),
        f"{ratio(ours.rate, raw.rate):.2f}",
        f"{ours.app_cpu / raw.app_cpu:.1f}",
    )


def _micro(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f}"
