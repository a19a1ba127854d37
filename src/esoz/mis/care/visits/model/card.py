"""The patient's card beside a visit: what central tells of them, each part there or missing for itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

PARTS = ("allergies", "diagnoses", "prescriptions", "observations", "encounters")
MOST_SHOWN = 8  # of a part; the whole list stands a link away
FRESH, FRESH_WITH_GAPS = timedelta(minutes=10), timedelta(seconds=45)
KEPT = timedelta(days=1)


class CardPart(msgspec.Struct, frozen=True):
    """A list of central's; `trouble`: why it is not here, in words."""

    rows: list[dict[str, Any]] = []
    total: int = 0
    trouble: str = ""

    @property
    def left(self) -> int:
        """How many more there are than are shown."""
        return max(self.total - MOST_SHOWN, 0)


class Card(msgspec.Struct, frozen=True):
    """All parts of a patient's card, and when they were read."""

    parts: dict[str, CardPart]
    read_at: datetime

    @property
    def is_whole(self) -> bool:
        return not any(part.trouble for part in self.parts.values())

    def is_fresh(self, now: datetime) -> bool:
        """What is there counts for a visit; what did not come is asked for again soon."""
        return now - self.read_at < (FRESH if self.is_whole else FRESH_WITH_GAPS)


def latest_of_each(observations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The newest measurement of each code, the newest first."""
    found: dict[str, dict[str, Any]] = {}
    for each in sorted(observations, key=moment_of, reverse=True):
        for coding in (each.get("code") or {}).get("coding") or ():
            found.setdefault(str(coding.get("code")), dict(each))
            break
    return list(found.values())


def moment_of(observation: Mapping[str, Any]) -> str:
    """When it was measured, as central writes it: texts of one form that sort by time."""
    return str(observation.get("effective_date_time") or observation.get("issued") or "")


def shown(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Of each row what the card shows, and nothing else."""
    return [{name: row[name] for name in names if row.get(name) is not None} for row in rows]
