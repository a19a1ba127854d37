"""Banners: what one is, and those of now in memory, for every page shows them and no page asks the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Severity = Literal["info", "warning", "danger"]


@dataclass(frozen=True, slots=True)
class Notification:
    """A banner as it is kept. `clinic_id`: None for everybody; `ends_at`: None until it is taken down."""

    id: UUID
    clinic_id: UUID | None
    severity: Severity
    text: str
    begins_at: datetime
    ends_at: datetime | None
    made_at: datetime
    author: str = ""  # empty: the operator

    def is_on(self, now: datetime) -> bool:
        return self.begins_at <= now and (self.ends_at is None or now < self.ends_at)

    @property
    def can_be_hidden(self) -> bool:
        """What stops the work stays in sight."""
        return self.severity != "danger"


_ORDER = {"danger": 0, "warning": 1, "info": 2}


class BannerCache:
    """What was read last; refreshed by a background work, and at once where something is published."""

    def __init__(self) -> None:
        self._kept: tuple[Notification, ...] = ()

    def put(self, banners: Sequence[Notification]) -> None:
        self._kept = tuple(sorted(banners, key=lambda each: (_ORDER[each.severity], each.begins_at)))

    def shown(self, now: datetime, clinic_id: UUID | None, hidden: Collection[str]) -> list[Notification]:
        """Those of now, for everybody and for one clinic; hidden ones are left out, save those of an incident."""
        return [
            each
            for each in self._kept
            if each.is_on(now)
            and each.clinic_id in (None, clinic_id)
            and not (each.can_be_hidden and str(each.id) in hidden)
        ]

    def find(self, id: UUID, now: datetime, clinic_id: UUID | None) -> Notification | None:
        """One of those that are shown there, hidden or not."""
        return next((each for each in self.shown(now, clinic_id, ()) if each.id == id), None)
