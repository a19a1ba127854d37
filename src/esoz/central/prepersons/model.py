"""An unidentified patient: shape, life, what is wrong with what is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.people import EmergencyContact, age
from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict, Invalid

OLDEST = 150
LONGEST_NAME, LONGEST_NOTE = 255, 4000


class Event(StrEnum):
    """What the audit log tells of this context."""

    CREATED = "preperson.created"
    READ = "preperson.read"
    UPDATED = "preperson.updated"
    MERGED = "preperson.merged"


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


# Somebody was recognised: the record is the person's from then on, and nobody becomes unknown again.
MOVES = {
    Status.ACTIVE: frozenset({Status.INACTIVE}),
    Status.INACTIVE: frozenset[Status](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preperson:
    """Somebody whom a clinic treats without knowing who it is; `external_id` is what the clinic calls them."""

    id: UUID
    legal_entity_id: UUID
    external_id: str
    gender: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    status: Status = Status.ACTIVE
    first_name: str | None = None
    last_name: str | None = None
    second_name: str | None = None
    birth_date: date | None = None
    emergency_contact: EmergencyContact | None = None
    note: str | None = None
    death_date: date | None = None


class PrepersonDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is told of somebody, by the published names; what is left out of a change stays as it is."""

    external_id: str | None = None
    gender: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    second_name: str | None = None
    birth_date: date | None = None
    emergency_contact: EmergencyContact | None = None
    note: str | None = None
    death_date: date | None = None

    def given(self) -> dict[str, object]:
        """What is there, names and numbers without spaces around them."""
        found = {name: getattr(self, name) for name in self.__struct_fields__}
        return {
            name: value.strip() if isinstance(value, str) else value
            for name, value in found.items()
            if value is not None
        }


class NotActive(Conflict):
    """Merged into a person already."""

    default = "Preperson is not active"


class SameExternalId(Conflict):
    """The clinic has another unidentified patient under this number; a request may have been sent twice."""

    default = "Preperson with such external_id already exists"


def must_be_active(preperson: Preperson) -> None:
    """Raise NotActive for one who was recognised."""
    if preperson.status is not Status.ACTIVE:
        raise NotActive()


def faults(preperson: Preperson, days: Days) -> Iterator[Invalid]:
    """What is wrong with an unidentified patient, by fields."""
    for name in ("external_id", "first_name", "last_name", "second_name"):
        value = getattr(preperson, name)
        if value == "":
            yield Invalid(f"$.{name}", "required", "can't be blank")
        elif value is not None and len(value) > LONGEST_NAME:
            yield _too_long(name, LONGEST_NAME)
    if preperson.note is not None and len(preperson.note) > LONGEST_NOTE:
        yield _too_long("note", LONGEST_NOTE)
    born, died = preperson.birth_date, preperson.death_date
    if born is not None and not (born <= days.latest and age(born, days.today) <= OLDEST):
        yield Invalid("$.birth_date", "invalid", "Invalid birth date.")
    if died is not None and died > days.latest:
        yield Invalid("$.death_date", "invalid", "Death date can't be in the future")
    elif died is not None and born is not None and died < born:
        yield Invalid("$.death_date", "invalid", "Death date must be greater or equal to birth date")


def _too_long(name: str, most: int) -> Invalid:
    return Invalid(f"$.{name}", "length", f"expected value to have at most {most} characters", [most])


def note_fault(before: Preperson, note: str | None) -> Invalid | None:
    """The note stays as it was written: it says what somebody looked like when they came."""
    if note is None or note.strip() == (before.note or ""):
        return None
    return Invalid("$.note", "invalid", "Note can't be changed")
