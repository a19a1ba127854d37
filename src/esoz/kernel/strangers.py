"""Refusals of callers whom we do not know: counted, and written to the audit log as one line a minute.

A line for each would let anybody fill the log, and would tell nothing: who was refused is not known. One counter for a
process; what stands in it when a process is killed is in the metrics only.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from enum import StrEnum

from . import audit, logs
from .clock import Clock, new_id
from .db import Database
from .loops import LOST, poll
from .work import NOBODY, AuditEntry

EVERY = timedelta(minutes=1)
MOST_KINDS = 100  # in one line; the rarer ones are told as one sum
OTHERS = "others"


class Event(StrEnum):
    REFUSED = "strangers.refused"


_counts: Counter[str] = Counter()


def note(operation: str, outcome: str) -> None:
    """Count one refusal; both names come from our own code, so the kinds have a bound."""
    _counts[f"{operation} {outcome}"] += 1


def counted() -> dict[str, int]:
    """What waits to be written."""
    return dict(_counts)


async def write(database: Database, clock: Clock) -> None:
    """Write what was counted as one line; what cannot be written is counted on."""
    taken = Counter(_counts)
    if not taken:
        return
    _counts.clear()
    about = audit.AuditContext(clock.now(), str(new_id()), "strangers", NOBODY)
    try:
        async with database.transaction() as db:
            await audit.write(db, about, [AuditEntry(str(Event.REFUSED), "", None, _facts(taken))])
    except BaseException:
        _counts.update(taken)
        raise


def _facts(counts: Counter[str]) -> dict[str, object]:
    told: dict[str, object] = dict(counts.most_common(MOST_KINDS))
    rest = counts.total() - sum(count for _, count in counts.most_common(MOST_KINDS))
    return told | ({OTHERS: rest} if rest else {})


class StrangersLog:
    """Writes the counts of a process every minute, and once more at its end."""

    name = "refusals of strangers"

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        await poll(self.name, self._write, idle=EVERY.total_seconds(), stopping=self._stopping)
        try:
            await self._write()
        except LOST as fault:
            logs.exception("refusals of strangers were not written", fault)

    async def _write(self) -> None:
        await write(self._database, self._clock)
