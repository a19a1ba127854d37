"""How often one bearer may call one operation: a fixed window of a minute, with leases where processes are several.

A process alone counts for itself and writes nothing. Of several, each lets a sixteenth part of a limit pass before it
asks the others, then takes calls from the common count in leases of that size: a caller of the ordinary kind costs no
round trip, a heavy one costs one in many calls. All together let pass what the limit says, and at most a sixteenth
part of it more: that much the processes which never asked have not told.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .db import Connection, Database
from .errors import TooMany

PERIOD = 60  # seconds
MOST_COUNTERS = 100_000  # those beyond share one counter: memory has a bound whoever calls
UNTOLD = 16  # this part of a limit the processes may let pass without telling each other


class RateLimited(TooMany):
    """GW-6. Not audited: the limit is there to keep work away from the database."""

    default = "API rate limit exceeded"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a minute."""

    limit: int
    remaining: int

    def headers(self) -> dict[str, str]:
        """GW-6."""
        return {
            "X-RateLimit-Limit-Minute": str(self.limit),
            "X-RateLimit-Remaining-Minute": str(self.remaining),
        }


@dataclass(slots=True)
class _Counter:
    """One bearer at one operation in this minute."""

    granted: int  # calls that may pass here
    used: int = 0  # calls that passed here
    asked: int = 0  # what this process put into the common count
    seen: int = 0  # the highest common count it was told

    @property
    def elsewhere(self) -> int:
        """Calls at other processes, as far as it is known."""
        return max(0, self.seen - self.asked)


class Limiter:
    """Counters of the present minute; they all begin anew with the next one."""

    def __init__(
        self, limit: int, own: Mapping[str, int], *, processes: int = 1, database: Database | None = None
    ) -> None:
        """`limit`: calls in a minute of any operation, 0 turns all limits off; `own`: lower ones by operation id.

        `processes`: how many count together, through the table `rate_counts` of `database`.
        """
        self.limit, self.own = limit, own
        self._database = database if processes > 1 else None
        self._parts = UNTOLD * processes
        self._minute = 0
        self._counters: dict[int, _Counter] = {}

    async def admit(self, operation: str, bearer: str, now: datetime) -> Allowance | None:
        """Count one call; None when limits are off. Raises RateLimited with Retry-After (GW-6), Unavailable."""
        if self.limit == 0:
            return None
        second = int(now.timestamp())
        limit = min(self.own.get(operation, self.limit), self.limit)
        counter = self._counter(operation, bearer, second // PERIOD, limit)
        if counter.used >= counter.granted and self._database is not None and counter.seen < limit:
            await self._lease(counter, _key(operation, bearer), second // PERIOD, limit)
        if counter.used >= counter.granted:
            headers = Allowance(limit, 0).headers()
            raise RateLimited(headers=headers | {"Retry-After": str(PERIOD - second % PERIOD)})
        counter.used += 1
        return Allowance(limit, max(0, limit - counter.used - counter.elsewhere))

    def _counter(self, operation: str, bearer: str, minute: int, limit: int) -> _Counter:
        if minute != self._minute:
            self._minute, self._counters = minute, {}
        key = hash((operation, bearer))
        if len(self._counters) >= MOST_COUNTERS and key not in self._counters:
            key = 0
        counter = self._counters.get(key)
        if counter is None:
            alone = self._database is None
            counter = self._counters[key] = _Counter(limit if alone else limit // self._parts)
        return counter

    async def _lease(self, counter: _Counter, key: bytes, minute: int, limit: int) -> None:
        """Take more calls from the common count; the first time, tell what passed here untold."""
        assert self._database is not None
        size = max(1, limit // self._parts)
        count = size if counter.asked else counter.granted + size
        counter.asked += count
        async with self._database.connection() as db:
            taken = await take(db, key, minute, count)
        counter.seen = max(counter.seen, taken)
        counter.granted += max(0, size - max(0, taken - limit))


async def take(db: Connection, key: bytes, minute: int, count: int) -> int:
    """Add to the common count of a minute and return its sum."""
    total: int = await db.fetchval(
        "insert into rate_counts as kept (key, minute, taken) values ($1, $2, $3)"
        " on conflict (key) do update set minute = greatest(kept.minute, excluded.minute),"
        " taken = case when kept.minute >= excluded.minute then kept.taken else 0 end + excluded.taken"
        " returning taken",
        key,
        minute,
        count,
    )
    return total


async def clean_up(db: Connection, now: datetime) -> None:
    """Delete the counts of minutes that are over."""
    await db.execute("delete from rate_counts where minute < $1", int(now.timestamp()) // PERIOD - 1)


def bearer_of(headers: Mapping[str, str], address: str) -> str:
    """Whose calls are counted together: a token's, else those of a vendor's key at an address."""
    return headers.get("authorization") or f"{headers.get('api-key', '')} {address}"


def _key(operation: str, bearer: str) -> bytes:
    """The same in every process, and nothing of the token in it."""
    return hashlib.sha256(f"{operation}\0{bearer}".encode()).digest()[:16]
