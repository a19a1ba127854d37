"""Prescriptions on the wire: `medication_request`."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from esoz.kernel.payload import Object, number, omit_none

from ..model import Intent, Request
from ..model.requests import Status
from .drafts import ProgrammeId

_SHORT_PROGRAMME = ("id", "name", "funding_source", "mr_blank_type")
# Required by the publication even where there is nothing to tell: a plan has no days of dispensing.
_ALWAYS = ("dispense_valid_from", "dispense_valid_to")
_ALWAYS_FOR_PHARMACIES = ("rejected_at", "rejected_by", "reject_reason_code", "block_reason_code")
# Who prescribed, where and to whom is not for pharmacies: they see a short name and an age.
_NOT_FOR_PHARMACIES = ("legal_entity", "division", "employee", "inform_with")


class SignedReject(msgspec.Struct, frozen=True):
    """Body of reject, for doctors and for pharmacists."""

    signed_medication_reject: str
    signed_content_encoding: str = "base64"


class Rejection(msgspec.Struct, frozen=True):
    """What the signed document adds to the stored prescription."""

    reject_reason_code: str
    reject_reason: str | None = None


class Qualification(msgspec.Struct, frozen=True):
    """Body of qualify."""

    division_id: UUID
    programs: tuple[ProgrammeId, ...]


class Block(msgspec.Struct, frozen=True):
    """Body of block; pharmacies may say until when."""

    block_reason_code: str
    block_reason: str | None = None
    blocked_to: datetime | None = None


class Unblock(msgspec.Struct, frozen=True):
    """Body of unblock."""

    block_reason_code: str
    block_reason: str | None = None


class CabinetQuery(msgspec.Struct, frozen=True):
    """Filters of the patient's own list; `person_id` may only be their own."""

    legal_entity_id: UUID | None = None
    employee_id: UUID | None = None
    person_id: UUID | None = None
    status: Status | None = None
    request_number: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    medication_id: UUID | None = None
    intent: Intent | None = None
    encounter_id: UUID | None = None


class RequestsQuery(msgspec.Struct, frozen=True):
    """Filters of a person's list."""

    legal_entity_id: UUID | None = None
    employee_id: UUID | None = None
    status: Status | None = None
    request_number: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    medication_id: UUID | None = None
    intent: Intent | None = None
    care_plan_id: UUID | None = None
    encounter_id: UUID | None = None
    episode_id: UUID | None = None
    medical_program_id: UUID | None = None
    started_at_from: date | None = None
    started_at_to: date | None = None
    ended_at_from: date | None = None
    ended_at_to: date | None = None
    dispense_valid_from_start: date | None = None
    dispense_valid_from_end: date | None = None
    dispense_valid_to_start: date | None = None
    dispense_valid_to_end: date | None = None

    @property
    def periods(self) -> dict[str, tuple[date | None, date | None]]:
        """Columns and their first and last days."""
        return {
            "created_at": (self.created_from, self.created_to),
            "started_at": (self.started_at_from, self.started_at_to),
            "ended_at": (self.ended_at_from, self.ended_at_to),
            "dispense_valid_from": (self.dispense_valid_from_start, self.dispense_valid_from_end),
            "dispense_valid_to": (self.dispense_valid_to_start, self.dispense_valid_to_end),
        }


def shown_request(request: Request, status: Status, *, full_programme: bool = False) -> Object:
    """A prescription as doctors and patients see it."""
    shown = {**dict.fromkeys(_ALWAYS), **request.content, "status": status}
    if not full_programme and isinstance(programme := shown.get("medical_program"), Mapping):
        shown["medical_program"] = {name: programme[name] for name in _SHORT_PROGRAMME}
    return shown | omit_none(
        {
            "rejected_at": request.rejected_at,
            "rejected_by": request.rejected_by,
            "reject_reason": request.reject_reason,
            "reject_reason_code": request.reject_reason_code,
            **_block(request),
        }
    )


def _block(request: Request) -> Object:
    if not request.is_blocked:
        return {}
    names = ("block_reason", "block_reason_code", "blocked_to", "blocked_by_legal_entity")
    return {name: getattr(request, name) for name in names}


def with_remaining(shown: Object, remaining: Decimal) -> Object:
    """Add how much may still be dispensed."""
    info = shown["medication_info"]
    assert isinstance(info, Mapping)
    return {**shown, "medication_info": {**info, "medication_remaining_qty": number(remaining)}}


def for_pharmacy(request: Request, status: Status, *, full_programme: bool = False) -> Object:
    """A prescription as pharmacists see it: no clinic, no doctor, of the person a short name and the age."""
    shown = shown_request(request, status, full_programme=full_programme)
    person = shown["person"]
    assert isinstance(person, Mapping)
    kept = {name: value for name, value in shown.items() if name not in _NOT_FOR_PHARMACIES}
    theirs = {"person": {"short_name": person["short_name"], "age": person["age"]}}
    return {**dict.fromkeys(_ALWAYS_FOR_PHARMACIES), **kept, **theirs}
