"""Prescriptions on the wire: `medication_request`."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

import msgspec

from esoz.kernel.payload import JSON, number

from .drafts import ProgrammeId


class SignedReject(msgspec.Struct, frozen=True):
    """Body of reject, for doctors and for pharmacists."""

    signed_medication_reject: str
    signed_content_encoding: str = "base64"


class Qualification(msgspec.Struct, frozen=True):
    """Body of qualify."""

    division_id: UUID
    programs: tuple[ProgrammeId, ...]


class Unblock(msgspec.Struct, frozen=True):
    """Body of unblock."""

    block_reason_code: str
    block_reason: str | None = None


def with_remaining(shown: JSON, remaining: Decimal) -> JSON:
    """Add how much may still be dispensed."""
    info = shown["medication_info"]
    assert isinstance(info, Mapping)
    return {**shown, "medication_info": {**info, "medication_remaining_qty": number(remaining)}}
