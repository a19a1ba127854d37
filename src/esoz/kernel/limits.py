"""How often one bearer may call one operation: counted in this process, minute by minute, nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .errors import TooMany

PERIOD = 60  # seconds
MOST_COUNTERS = 100_000  # those beyond share one counter: memory has a bound whoever calls


class RateLimited(TooMany):
    """GW-6 (2019 source). Not audited: the limit is there to keep work away from the database."""

    default = "API rate limit exceeded"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a minute."""

    limit: int
    remaining: int

    def headers(self) -> dict[str, str]:
        """GW-6 (2019 source)."""
        return {
            "X-RateLimit-Limit-Minute": str(self.limit),
            "X-RateLimit-Remaining-Minute": str(self.remaining),
        }


class Limiter:
    """Counters of the present minute; they all begin anew with the next one."""

    def __init__(self, limit: int, own: Mapping[str, int]) -> None:
        """`limit`: calls in a minute of any operation, 0 turns all limits off; `own`: lower ones by operation id."""
        self.limit, self.own = limit, own
        self._minute = 0
        self._counts: dict[int, int] = {}

    def count(self, operation: str, bearer: str, now: datetime) -> Allowance | None:
        """Count one call; None when limits are off. Raises RateLimited with Retry-After (GW-6)."""
        if self.limit == 0:
            return None
        second = int(now.timestamp())
        if (minute := second // PERIOD) != self._minute:
            self._minute, self._counts = minute, {}
        key = hash((operation, bearer))
        if len(self._counts) >= MOST_COUNTERS and key not in self._counts:
            key = 0
        used = self._counts[key] = self._counts.get(key, 0) + 1
        limit = min(self.own.get(operation, self.limit), self.limit)
        allowance = Allowance(limit, max(0, limit - used))
        if used > limit:
            raise RateLimited(headers=allowance.headers() | {"Retry-After": str(PERIOD - second % PERIOD)})
        return allowance


def bearer_of(headers: Mapping[str, str], address: str) -> str:
    """Whose calls are counted together: a token's, else those of a vendor's key at an address."""
    return headers.get("authorization") or f"{headers.get('api-key', '')} {address}"
