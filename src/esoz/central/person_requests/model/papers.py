"""Papers that somebody shows of themselves, so that a person compares them with what is registered (PS-41)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from esoz.central.people import NHS, Person
from esoz.kernel.errors import Conflict
from esoz.kernel.states import move

FOLDER = "own_papers"
TERM = timedelta(days=1)  # as of the links of a request
ASKED_FOR = frozenset({"VERIFICATION_NEEDED", "NOT_VERIFIED"})
IN_REVIEW = {"verification_status": "IN_REVIEW", "verification_reason": "MANUAL"}


class Status(StrEnum):
    NEW = "NEW"  # links were given out
    COMPLETED = "COMPLETED"  # all came, somebody is to look at them
    JUDGED = "JUDGED"
    CANCELLED = "CANCELLED"  # by newer links, or nothing is asked for any more


# PS-41
MOVES = {
    Status.NEW: frozenset({Status.COMPLETED, Status.CANCELLED}),
    Status.COMPLETED: frozenset({Status.JUDGED, Status.CANCELLED}),
    Status.JUDGED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
}


class NotAskedFor(Conflict):
    """Links were never given out, or their day is over."""

    default = "Documents upload is not initialized"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPapers:
    """Which papers somebody hands in together."""

    person_id: UUID
    id: UUID
    status: Status
    types: tuple[str, ...]
    expires_at: datetime
    inserted_at: datetime
    updated_at: datetime

    def takes(self, types: tuple[str, ...], now: datetime) -> bool:
        """Whether the links that were given out are good still, for the papers that are asked for now."""
        return self.status is Status.NEW and now < self.expires_at and self.types == types


def asked_papers(person: Person) -> tuple[str, ...]:
    """PS-41: every document, where the word of people about the person is missing or against them; otherwise none."""
    word = person.verification_details.get(NHS, {}).get("verification_status")
    return tuple(sorted({each.type for each in person.documents})) if word in ASKED_FOR else ()


def moved(papers: OwnPapers, target: Status, now: datetime) -> OwnPapers:
    """The papers in another status. Raises Conflict."""
    return replace(papers, status=move(MOVES, papers.status, target), updated_at=now)
