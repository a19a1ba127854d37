"""A request to let somebody speak for a person, by other papers, or no more: its states, what it may ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from esoz.central.people import ADULT_AGE, TAX_ID_AGE, Person, Relationship, RelationshipDocument, age
from esoz.kernel.clock import Days
from esoz.kernel.errors import BadRequest, Conflict, Forbidden
from esoz.kernel.faults import Faults, fault
from esoz.kernel.states import move

from .confirmation import Confirmed
from .requests import CHANNEL, INVALID_TRANSITION

FOLDER = "relationship_requests"
# The publication says "X confidants"; two parents, a guardian and two more are a family already.
MOST_CONFIDANTS = 5
LONGEST = 255


class Action(StrEnum):
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DEACTIVATE = "DEACTIVATE"


class Status(StrEnum):
    NEW = "NEW"
    APPROVED = "APPROVED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"  # by a newer request of the clinic
    EXPIRED = "EXPIRED"


MOVES = {
    Status.NEW: frozenset({Status.APPROVED, Status.CANCELLED, Status.EXPIRED}),
    Status.APPROVED: frozenset({Status.COMPLETED, Status.CANCELLED, Status.EXPIRED}),
    Status.COMPLETED: frozenset[Status](),
    Status.CANCELLED: frozenset[Status](),
    Status.EXPIRED: frozenset[Status](),
}
WAITING = frozenset({Status.NEW, Status.APPROVED})


class TooManyConfidants(BadRequest):
    """One more would be beyond the limit; status and type are those of the publication."""

    status = 422

    def __init__(self, count: int) -> None:
        super().__init__(f"This patient has {count} confidants and can not have more")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationshipRequest(Confirmed):
    """What is asked for: `confidant_person_id` is to speak, or the right `relationship_id` is renewed or ends."""

    status: Status
    action: Action
    legal_entity_id: UUID
    documents: Sequence[RelationshipDocument]
    expires_at: datetime
    inserted_at: datetime
    channel: str = CHANNEL
    confidant_person_id: UUID | None = None
    relationship_id: UUID | None = None
    authorize_with: UUID | None = None
    signed_document: str | None = None
    inserted_by: UUID | None = None
    updated_by: UUID | None = None

    def status_at(self, now: datetime) -> Status:
        """The status at a moment: what nobody signed in its term is over."""
        return Status.EXPIRED if self.status in WAITING and now >= self.expires_at else self.status


def moved(request: RelationshipRequest, target: Status, now: datetime, by: UUID | None) -> RelationshipRequest:
    """The request in another status. Raises Conflict."""
    status = move(MOVES, request.status_at(now), target, message=INVALID_TRANSITION)
    return replace(request, status=status, code_digest=None, updated_at=now, updated_by=by)


def must_await_code(request: RelationshipRequest, now: datetime) -> None:
    """DC-13. Raises Conflict, or Forbidden where no code is waited for."""
    if request.status_at(now) is not Status.NEW:
        raise Conflict(INVALID_TRANSITION)
    if request.phone is None:
        raise Forbidden("Authentication method is not OTP")


def paper_faults(papers: Sequence[RelationshipDocument], days: Days, place: str) -> Faults:
    """PS-8, PS-9: at least one paper, one of a kind, none issued in the future or over already."""
    if not papers:
        yield fault(place, "expected at least 1 items", rule="length")
    seen: set[str] = set()
    for number, paper in enumerate(papers):
        entry = f"{place}[{number}]"
        if paper.type in seen:
            yield fault(f"{entry}.type", "No duplicate values.")
        seen.add(paper.type)
        if paper.issued_at and paper.issued_at > days.latest:
            yield fault(f"{entry}.issued_at", "Document issued date should be in the past")
        if paper.active_to and paper.active_to < days.earliest:
            yield fault(f"{entry}.active_to", "Document active_to should be in the future")
        for name in ("number", "issued_by"):
            if len(getattr(paper, name) or "") > LONGEST:
                yield fault(f"{entry}.{name}", f"expected at most {LONGEST} characters", rule="length")


def confidant_faults(person: Person, confidant: Person | None, days: Days) -> Faults:
    """Who speaks for another is somebody else, active and of age."""
    entry = "$.confidant_person_id"
    if confidant is None:
        yield fault(entry, "Confidant person is not found")
    elif confidant.id == person.id:
        yield fault(entry, "Person can not be a confidant of themselves")
    elif not confidant.is_active or age(confidant.birth_date, days.today) < ADULT_AGE:
        yield fault(entry, "Confidant person must be active and adult")


def must_be_able(confidant: Person, today: date) -> None:
    """A right of who died, was merged away or is no adult is not renewed. Raises Conflict."""
    if not confidant.is_active or age(confidant.birth_date, today) < ADULT_AGE:
        raise Conflict("Confidant person must be active and adult")


def living(relationships: Sequence[Relationship], today: date) -> list[Relationship]:
    """Those whose last day is not over."""
    return [each for each in relationships if each.active_to is None or each.active_to >= today]


def must_have_room(confidant_id: UUID, relationships: Sequence[Relationship], today: date) -> None:
    """Raise Conflict for who has a right already (one that is over is ended first), TooManyConfidants at the limit."""
    if confidant_id in {each.confidant_person_id for each in relationships}:
        raise Conflict("Such confidant person relationship already exists")
    speaking = len(living(relationships, today))
    if speaking >= MOST_CONFIDANTS:
        raise TooManyConfidants(speaking)


def must_have_room_again(id: UUID, relationships: Sequence[Relationship], today: date) -> None:
    """Raise TooManyConfidants when a right that is over would be renewed beyond the limit."""
    others = [each for each in living(relationships, today) if each.id != id]
    if len(others) >= MOST_CONFIDANTS:
        raise TooManyConfidants(len(others))


def must_not_be_the_last(person: Person, id: UUID, relationships: Sequence[Relationship], today: date) -> None:
    """PS-8: below fourteen somebody speaks for a person, so another comes before the last one goes. Raises Conflict."""
    speaking = [each.id for each in living(relationships, today)]
    if speaking == [id] and age(person.birth_date, today) < TAX_ID_AGE:
        raise Conflict("Confidant person is mandatory for children")


def papers_to_show(documents: Sequence[RelationshipDocument]) -> list[str]:
    """DC-11: the papers of the right itself are always seen."""
    return [f"confidant_person.RELATIONSHIP.{document.type}" for document in documents]
