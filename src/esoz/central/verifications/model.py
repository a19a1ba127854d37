"""A verification of a telephone: its life, its code, its limits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LIFE = timedelta(minutes=15)  # OT-2
ATTEMPTS = 3  # OT-2
# OT-4: how many codes a telephone gets; the second bound keeps guessing over many codes hopeless.
SENDS = ((timedelta(minutes=1), 3), (timedelta(hours=1), 10))
KEEP = timedelta(days=30)
PHONE = re.compile(r"\+380[0-9]{9}")
CODES = 9000  # 1000 to 9999: the published code is a number, so it begins with no zero (BG-12: 2019 had 729)


class Event(StrEnum):
    STARTED = "verification.started"
    REFUSED = "verification.refused"
    COMPLETED = "verification.completed"
    READ = "verification.read"


class Status(StrEnum):
    NEW = "NEW"
    VERIFIED = "VERIFIED"
    UNVERIFIED = "UNVERIFIED"  # all tries were wrong
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"  # a newer code was sent


MOVES = {
    Status.NEW: frozenset({Status.VERIFIED, Status.UNVERIFIED, Status.EXPIRED, Status.CANCELED}),
    Status.VERIFIED: frozenset[Status](),
    Status.UNVERIFIED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
    Status.CANCELED: frozenset[Status](),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """One code sent to one telephone."""

    id: UUID
    phone_number: str
    content_hash: str | None
    code_hash: bytes
    status: Status
    attempts: int
    code_expired_at: datetime
    inserted_at: datetime
    updated_at: datetime

    @property
    def active(self) -> bool:
        """OT-7: cancelled and expired ones are not."""
        return self.status not in (Status.CANCELED, Status.EXPIRED)


def new_code(random: Callable[[int], bytes]) -> str:
    """Four digits by chance, the first not zero (OTP page of the publication)."""
    return str(1000 + int.from_bytes(random(16)) % CODES)


def is_phone(text: str) -> bool:
    """A Ukrainian telephone in international form."""
    return PHONE.fullmatch(text) is not None
