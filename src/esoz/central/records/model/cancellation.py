"""Rules of taking records back: which of the sent ones, whether they are those we keep, what becomes of diagnoses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict
from esoz.kernel.faults import Faults, fault
from esoz.kernel.signed import first_difference

from .documents import Document
from .episode import Episode
from .kinds import (
    CONDITIONS,
    DIAGNOSTIC_REPORTS,
    ENCOUNTERS,
    ENTERED_IN_ERROR,
    ENTITIES,
    OBSERVATIONS,
    PROCEDURES,
    Kind,
)

# What a cancellation adds to a record, and what the server added to it before.
_TOLD = frozenset({"explanatory_letter", "cancellation_reason", "status_reason", "inserted_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A record as it stands in a signed cancellation."""

    entry: str
    kind: Kind
    id: UUID
    document: Document

    @property
    def is_taken_back(self) -> bool:
        """CN-4: whether it is sent as entered in error."""
        return bool(self.document.get(self.kind.status) == ENTERED_IN_ERROR)


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record as it is stored, with the encounter that it was made in."""

    document: Document
    status: str
    encounter_id: UUID | None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A signed cancellation: the encounter or the report that was signed before, and records made with it."""

    main: SentRecord
    others: Sequence[SentRecord]

    @property
    def sent(self) -> Sequence[SentRecord]:
        return (self.main, *self.others)

    @property
    def taken_back(self) -> Sequence[SentRecord]:
        return [each for each in self.sent if each.is_taken_back]

    @property
    def explanation(self) -> Document:
        """CN-7: reason and letter, kept with everything that is taken back."""
        names = ("cancellation_reason", "explanatory_letter")
        return {name: self.main.document[name] for name in names if self.main.document.get(name)}


def of_encounter(content: Document) -> Cancellation:
    """A signed cancellation of an encounter package."""
    return Cancellation(_sent(ENCOUNTERS, None, content[ENCOUNTERS.one]), _lists(content))


def of_report(content: Document) -> Cancellation:
    """A signed cancellation of a diagnostic report and its observations."""
    others = [_sent(OBSERVATIONS, number, each) for number, each in enumerate(content.get(OBSERVATIONS.name, ()))]
    return Cancellation(_sent(DIAGNOSTIC_REPORTS, None, content[DIAGNOSTIC_REPORTS.one]), others)


def _lists(content: Document) -> list[SentRecord]:
    return [_sent(kind, number, each) for kind in ENTITIES for number, each in enumerate(content.get(kind.name, ()))]


def _sent(kind: Kind, number: int | None, document: Document) -> SentRecord:
    entry = f"$.{kind.one}" if number is None else f"$.{kind.name}[{number}]"
    return SentRecord(entry, kind, UUID(document["id"]), document)


def kept_faults(cancellation: Cancellation, kept: Mapping[Kind, Mapping[UUID, KeptRecord]]) -> Faults:
    """Everything that was sent is stored, and was made together with the main record."""
    main = cancellation.main
    encounter_id = main.id if main.kind is ENCOUNTERS else None
    for each in cancellation.others:
        found = kept.get(each.kind, {}).get(each.id)
        if found is None or found.encounter_id != encounter_id:
            yield fault(f"{each.entry}.id", f"{each.kind.title} with such id is not found")


def letter_faults(cancellation: Cancellation) -> Faults:
    """CN-7: what is entered in error says why, itself or with the whole package; a procedure need not."""
    if cancellation.main.kind is not ENCOUNTERS or cancellation.main.document.get("explanatory_letter"):
        return
    for each in cancellation.taken_back:
        if each.kind is not PROCEDURES and not each.document.get("explanatory_letter"):
            message = "required property explanatory_letter was not present"
            yield fault(f"{each.entry}.explanatory_letter", message, rule="required")


def must_be_cancelable(cancellation: Cancellation, kept: Mapping[Kind, Mapping[UUID, KeptRecord]]) -> None:
    """CN-2, CN-3, CN-5, DG-2. Raises Conflict with the published sentences."""
    if not cancellation.taken_back:
        raise Conflict(f'At least one entity should have status "{ENTERED_IN_ERROR}"')
    for each in cancellation.sent:
        stored = kept[each.kind][each.id]
        if stored.status == ENTERED_IN_ERROR:
            raise Conflict(f"Invalid transition for {each.kind.one} - already {ENTERED_IN_ERROR}")
        place = first_difference(_plain(each.kind, each.document), _plain(each.kind, stored.document), each.entry)
        if place is not None:
            raise Conflict(f"Submitted signed content does not correspond to previously created content: {place}")
    _must_leave_diagnoses(cancellation)


def _must_leave_diagnoses(cancellation: Cancellation) -> None:
    # CN-5: a condition that is a diagnosis goes with its encounter.
    if cancellation.main.kind is not ENCOUNTERS or cancellation.main.is_taken_back:
        return
    named = {UUID(each["condition"]["identifier"]["value"]) for each in cancellation.main.document.get("diagnoses", ())}
    if any(each.kind is CONDITIONS and each.id in named for each in cancellation.taken_back):
        raise Conflict("The condition can not be canceled while encounter is not canceled")


def without_encounter(episode: Episode, encounter_id: UUID, now: datetime) -> Episode:
    """CN-6: the diagnoses of a cancelled encounter are not active; the last active ones are current."""
    history = tuple(
        msgspec.structs.replace(line, is_active=False) if line.evidence.id == encounter_id else line
        for line in episode.diagnoses_history
    )
    active = [line for line in history if line.is_active]
    return msgspec.structs.replace(
        episode,
        diagnoses_history=history,
        current_diagnoses=active[-1].diagnoses if active else (),
        updated_at=now,
    )


def _plain(kind: Kind, document: Document) -> Any:
    """A record as its client wrote it: without states, words and fields that the server added."""
    added = _TOLD | kind.added | {kind.status}
    plain = {name: _bare(value) for name, value in document.items() if name not in added}
    if kind is ENCOUNTERS:
        plain["diagnoses"] = [
            {name: value for name, value in each.items() if name != "code"} for each in plain.get("diagnoses", ())
        ]
    return _filled(plain)


def _bare(node: Any) -> Any:
    if isinstance(node, list):
        return [_bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    whole = {name: _bare(value) for name, value in node.items() if name != "display_value"}
    if isinstance(whole.get("reasons_not_given"), dict):  # as it was kept before it became a list
        whole["reasons_not_given"] = [whole["reasons_not_given"]]
    if {"value", "system", "code"} <= whole.keys():
        whole.pop("unit", None)  # the words of a unit follow from its code
    return whole


def _filled(node: Any) -> Any:
    """Without nulls and empty lists: a field without a value is the same as no field."""
    if isinstance(node, list):
        return [_filled(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {name: _filled(value) for name, value in node.items() if value is not None and value not in ([], {})}
