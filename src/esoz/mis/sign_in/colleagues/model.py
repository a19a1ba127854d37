"""What the head of a clinic sees of the second factors of its people."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Event(StrEnum):
    RESET = "second_factor.reset"
    REQUIRED = "second_factor.required"
    READ = "second_factors.read"


@dataclass(frozen=True, slots=True)
class Colleague:
    """What the head of a clinic sees of somebody's second factor."""

    id: UUID
    name: str
    since: datetime | None  # of the application
    codes_left: int
    passkeys: int

    @property
    def has_any(self) -> bool:
        """Whether there is anything to reset."""
        return self.since is not None or self.passkeys > 0
