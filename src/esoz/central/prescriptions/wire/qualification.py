"""Answers about programmes: which of them take a prescription."""

from collections.abc import Iterable, Sequence

from esoz.central.medications import Medication
from esoz.central.programmes import Participant, Programme, participant
from esoz.kernel.payload import JSON, omit_none


def verdict(programme: Programme, reason: str, first_day: Sequence[object] = ()) -> JSON:
    """VALID, or INVALID with the reason; where it is too early, from when it may be written and begin (ours)."""
    created_at, started_at = first_day or (None, None)
    return omit_none(
        {
            "program_id": programme.id,
            "program_name": programme.name,
            "status": "INVALID" if reason else "VALID",
            "rejection_reason": reason or None,
            "earliest_created_at": created_at,
            "earliest_started_at": started_at,
        }
    )


def qualified(programme: Programme, reason: str, packages: Iterable[tuple[Participant, Medication]]) -> JSON:
    """A verdict with what may be dispensed by the programme."""
    return {**verdict(programme, reason), "participants": [participant(*each) for each in packages]}
