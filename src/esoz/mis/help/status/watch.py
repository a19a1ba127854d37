"""The last look at the components, in memory; how to look is in `queries`."""

import asyncio
from datetime import datetime, timedelta

from .model import Seen

FRESH = timedelta(seconds=15)  # seldom enough that the public page cannot be used to burden central


class Watch:
    """Remembers the last look of this process. `turn`: one look at a time."""

    def __init__(self) -> None:
        self.last: Seen | None = None
        self.turn = asyncio.Lock()

    def fresh(self, now: datetime) -> Seen | None:
        """The last look if it is not old."""
        return self.last if self.last is not None and now - self.last.at < FRESH else None
