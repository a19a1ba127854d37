"""What registers say of a person, and how a doctor settles what they could not (PS-30)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import msgspec

from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault, must_hold
from esoz.kernel.states import move

from .person import MOVES, Person, Status

VERIFIED, NOT_VERIFIED, NEEDED, NOT_NEEDED = (
    "VERIFIED",
    "NOT_VERIFIED",
    "VERIFICATION_NEEDED",
    "VERIFICATION_NOT_NEEDED",
)
CHANGES_NEEDED = "CHANGES_NEEDED"
DEATH, NAME_CHANGE = "dracs_death", "dracs_name_change"
NHS = "nhs"  # the word of people, who compared papers
DIED = "MANUAL_CONFIRMED"
# Published: what may be settled by hand, and with which reasons.
BY_HAND: Mapping[str, frozenset[str]] = {
    DEATH: frozenset({DIED, "MANUAL_NOT_CONFIRMED"}),
    NAME_CHANGE: frozenset({"MANUAL"}),
}


class Settlement(msgspec.Struct, frozen=True):
    """How something is settled by hand."""

    verification_status: str
    verification_reason: str
    verification_comment: str
    death_date: date | None = None


def overall(details: Mapping[str, Mapping[str, object]]) -> str:
    """PS-30: the word about a person by the words of all registers; those that are not asked count for nothing."""
    words = {str(each["verification_status"]) for each in details.values()} - {NOT_NEEDED}
    if NOT_VERIFIED in words:
        return CHANGES_NEEDED
    return VERIFIED if words == {VERIFIED} else NEEDED


def told(person: Person, register: str, word: Mapping[str, object], now: datetime) -> Person:
    """The person after a register has spoken."""
    details = {**person.verification_details, register: dict(word)}
    return replace(person, verification_details=details, verification_status=overall(details), updated_at=now)


def papers_wanted(reason: str, comment: str, now: datetime) -> dict[str, object]:
    """PS-41: the word of people before they have seen papers; the comment is told to the person."""
    return {
        "verification_status": NEEDED,
        "verification_reason": reason,
        "verification_comment": comment,
        "unverified_at": now.isoformat(),
    }


def with_word_of_people(person: Person, changed: Person) -> Person:
    """New data of a person with what people asked of them; that their papers were found right is said of these no more.

    PS-41: nobody gets rid of a demand to show papers by a change of the address.
    """
    word = person.verification_details.get(NHS)
    if word is None or word["verification_status"] == VERIFIED:
        return changed
    details = {**changed.verification_details, NHS: word}
    return replace(changed, verification_details=details, verification_status=overall(details))


def settled(person: Person, register: str, how: Settlement, days: Days, now: datetime) -> Person:
    """PS-30: the person after a doctor has settled what a register doubts; who died is active no more.

    Raises Rejected naming the field, Conflict when the register doubts nothing.
    """
    must_hold(_faults(person, register, how, days))
    if person.verification_details.get(register, {}).get("verification_status") != NOT_VERIFIED:
        raise Conflict("Person has no unverified record of this register")
    word = {
        "verification_status": how.verification_status,
        "verification_reason": how.verification_reason,
        "verification_comment": how.verification_comment,
    }
    changed = told(person, register, word, now)
    if how.death_date is None:
        return changed
    status = move(MOVES, person.status, Status.INACTIVE, message="Person is not active")
    return replace(changed, death_date=how.death_date, status=status, is_active=False)


def _faults(person: Person, register: str, how: Settlement, days: Days) -> Faults:
    if how.verification_status != VERIFIED:
        yield fault(f"$.{register}.verification_status", "value is not allowed in enum", rule="inclusion")
    if how.verification_reason not in BY_HAND[register]:
        yield fault(f"$.{register}.verification_reason", "value is not allowed in enum", rule="inclusion")
    place, day, is_death = f"$.{register}.death_date", how.death_date, how.verification_reason == DIED
    if is_death and day is None:
        yield fault(place, "required property death_date was not present", rule="required")
    elif day is not None and not is_death:
        yield fault(place, "Only a confirmed death has a date")
    elif day is not None and day > days.latest:
        yield fault(place, "Death date can't be in the future")
    elif day is not None and day < person.birth_date:
        yield fault(place, "Death date must be greater or equal to birth date")
