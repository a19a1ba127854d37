"""Medicines handed over without a prescription in a territory of war: the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict, rejected

from .handing_over import REASON, Detail, Status, text_faults

NOTE = (0, 1000)  # characters


class EmergencyContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the pharmacist signs. Nobody is named in it: who takes the medicine may have no papers left."""

    id: UUID
    division_id: UUID
    dispensed_at: date
    reason: str
    dispense_details: tuple[Detail, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyDispense:
    """An entry of the journal. `content` holds what is shown of the pharmacy and the packages, as it was that day."""

    id: UUID
    status: Status
    legal_entity_id: UUID
    division_id: UUID
    party_id: UUID
    dispensed_at: date
    reason: str
    content: Mapping[str, object]
    words: str  # names of the medicines, to be searched
    region: str
    signed_document: str
    inserted_at: datetime
    inserted_by: UUID
    updated_at: datetime
    updated_by: UUID
    note: str | None = None
    error_reason: str | None = None


class EmergencyFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the journal; None means any. `medication` is a part of a name."""

    division_id: UUID | None = None
    status: Status | None = None
    medication: str | None = None
    dispensed_from: date | None = None
    dispensed_to: date | None = None


class NoExceptionHere(Conflict):
    """WT-4: the rule that refuses a pharmacy elsewhere, or on another day."""

    default = "Dispensing without a prescription is not allowed in this place on this day"


def must_be_allowed(is_allowed: bool) -> None:
    """WT-4: the division stood in a territory without working registers on the day of handing over."""
    if not is_allowed:
        raise NoExceptionHere()


def must_be_told(content: EmergencyContent) -> None:
    """WT-4: why nobody could prescribe. Raises Rejected naming the text."""
    for found in (*text_faults("$.reason", content.reason, REASON), *text_faults("$.note", content.note or "", NOTE)):
        raise rejected(found.entry, found.description, rule=found.rule, params=found.params)


def names_of(names: Sequence[str]) -> str:
    """What the journal is searched in."""
    return " ".join(dict.fromkeys(names))
