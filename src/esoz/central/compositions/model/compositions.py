"""A medical conclusion that was signed: its states, its number, and how it is taken back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.prescriptions import draw
from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault
from esoz.kernel.fhir import CodeableConcept
from esoz.kernel.references import Target
from esoz.kernel.states import move

# Letters and digits that are not taken for one another when a number is read aloud.
SYMBOLS = "0123456789ACEHKMPTX"
TITLE = re.compile(rf"[{SYMBOLS}]{{4}}(-[{SYMBOLS}]{{4}}){{3}}")
REASONS = "composition_mark_in_error_reasons"


class Status(StrEnum):
    FINAL = "FINAL"
    ENTERED_IN_ERROR = "ENTERED_IN_ERROR"


MOVES = {
    Status.FINAL: frozenset({Status.ENTERED_IN_ERROR}),
    Status.ENTERED_IN_ERROR: frozenset[Status](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A conclusion. `content` is what was signed, `names` the words of our registers for what it points at."""

    person_id: UUID
    id: UUID
    title: str
    status: Status
    type: str
    category: str
    date: datetime
    custodian_id: UUID
    encounter_id: UUID
    episode_id: UUID
    author_id: UUID
    attester_ids: tuple[UUID, ...]
    content: Mapping[str, Any]
    names: Mapping[str, str]
    signed_document: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    replaces_id: UUID | None = None
    appends_id: UUID | None = None
    status_reason: CodeableConcept | None = None
    explanatory_letter: str | None = None
    inform_with: UUID | None = None

    @property
    def stands(self) -> bool:
        return self.status is Status.FINAL

    def word(self, kind: str, id: UUID | str) -> str:
        """What the registers call somebody or something that it points at."""
        return self.names.get(f"{kind}/{id}", "")

    def named(self) -> frozenset[Target]:
        """CM-13: what may be read with it: what its sections point at, its encounter and its episode."""
        pairs = (name.split("/") for name in self.names)
        return frozenset({(kind, UUID(id)) for kind, id in pairs} | {("episode", self.episode_id)})


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed mark in error adds to the conclusion."""

    status_reason: CodeableConcept
    explanatory_letter: str


def new_title(random: Callable[[int], bytes]) -> str:
    """CM-1: sixteen symbols by chance, such as 98CC-P696-E34T-X4T2."""
    return "-".join("".join(draw(SYMBOLS, random) for _ in range(4)) for _ in range(4))


def read_title(text: str) -> str:
    """A number as people type it: spaces, small letters and missing hyphens are forgiven."""
    symbols = "".join(text.upper().replace("-", " ").split())
    return "-".join(symbols[at : at + 4] for at in range(0, len(symbols), 4))


def must_be_free(composition: Composition, follower: Composition | None) -> None:
    """CM-11: what another one stands on is not pulled away from under it. Raises Conflict."""
    move(
        MOVES,
        composition.status,
        Status.ENTERED_IN_ERROR,
        message=f"Composition in status {composition.status} can not be marked in error",
    )
    if follower is not None:
        raise Conflict("Composition is continued by another one, which is to be marked in error first")


def must_be_resendable(composition: Composition) -> None:
    """CM-14: nothing is told of what was taken back. Raises Conflict."""
    if not composition.stands:
        raise Conflict("Composition should be in status FINAL")


def reason_faults(reason: CodeableConcept) -> Faults:
    """CM-11: the reason is of its dictionary (whether it has the code is looked up with all codes)."""
    if reason.system != REASONS:
        yield fault("$.status_reason.coding[0].system", "value is not allowed in enum", rule="inclusion")
