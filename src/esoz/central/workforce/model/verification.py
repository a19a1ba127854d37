"""What state registers say of a party, and how a human being settles what they could not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict, rejected

REGISTERS = ("drfo", "dracs_death", "mvs_passport", "dms_passport", "dracs_name_change")
VERIFIED, NOT_VERIFIED = "VERIFIED", "NOT_VERIFIED"
# API of 2026: what may be settled by hand, and with which reasons.
BY_HAND: Mapping[str, frozenset[str]] = {
    "dracs_death": frozenset({"MANUAL_CONFIRMED", "MANUAL_NOT_CONFIRMED"}),
    "dracs_name_change": frozenset({"MANUAL"}),
}
# The worst word of a register is the word about the party.
_ORDER = (
    NOT_VERIFIED,
    "CHANGES_NEEDED",
    "VERIFICATION_NEEDED",
    "IN_REVIEW",
    VERIFIED,
    "VERIFICATION_NOT_NEEDED",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The word of one register about a party."""

    party_id: UUID
    register: str
    verification_status: str
    verification_reason: str
    updated_at: datetime
    verification_comment: str | None = None
    result: int | None = None
    synced_at: datetime | None = None
    unverified_at: datetime | None = None


def overall(verifications: Iterable[Verification]) -> str:
    """The status of a party by the words of all registers; verification is needed when none has spoken."""
    statuses = [each.verification_status for each in verifications]
    return min(statuses, key=_ORDER.index, default="VERIFICATION_NEEDED")


def resolve(
    found: Verification | None, register: str, *, status: str, reason: str, comment: str | None, now: datetime
) -> Verification:
    """Settle by hand what a register could not; raise Rejected naming the field, or Conflict when nothing is open."""
    if status != VERIFIED:
        raise rejected(f"$.{register}.verification_status", "value is not allowed in enum", rule="inclusion")
    if reason not in BY_HAND[register]:
        raise rejected(f"$.{register}.verification_reason", "value is not allowed in enum", rule="inclusion")
    if found is None or found.verification_status == VERIFIED:
        raise Conflict("Party has no unverified record of this register")
    return Verification(
        party_id=found.party_id,
        register=register,
        verification_status=status,
        verification_reason=reason,
        verification_comment=comment,
        result=found.result,
        synced_at=found.synced_at,
        unverified_at=found.unverified_at,
        updated_at=now,
    )


class VerificationFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; the first is required."""

    verification_status: str
    division_id: UUID | None = None
    status: str | None = None
