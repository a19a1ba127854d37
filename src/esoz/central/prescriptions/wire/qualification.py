"""Answers about programmes: which of them take a prescription."""

from collections.abc import Iterable

from esoz.central.medications import Medication
from esoz.central.programmes import Participant, Programme, participant
from esoz.kernel.payload import JSON, omit_none


def verdict(programme: Programme, reason: str) -> JSON:
    """VALID, or INVALID with the reason."""
    return omit_none(
        {
            "program_id": programme.id,
            "program_name": programme.name,
            "status": "INVALID" if reason else "VALID",
            "rejection_reason": reason or None,
        }
    )


def qualified(programme: Programme, reason: str, packages: Iterable[tuple[Participant, Medication]]) -> JSON:
    """A verdict with what may be dispensed by the programme."""
    return {**verdict(programme, reason), "participants": [participant(*each) for each in packages]}
