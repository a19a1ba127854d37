"""The changes of requests that are queued: their kinds, and their bodies."""

from uuid import UUID

import msgspec

from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import Proven

from .dispenses import Handover


class SignedData(msgspec.Struct, frozen=True):
    """A signed document and nothing beside it."""

    signed_data: str


class SignedChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change that is told by a signed document; `proven` of it when it arrived."""

    person_id: UUID
    id: UUID | None = None
    signed_data: str
    proven: Proven | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change that nobody signs."""

    person_id: UUID
    id: UUID


class NewDispense(msgspec.Struct, frozen=True, kw_only=True):
    """What a pharmacy asks to hold."""

    person_id: UUID
    handover: Handover


DISPENSES = "device_dispense."  # kinds of jobs about dispenses begin so
CREATE = JobKind("device_request.create", SignedChange)
REVOKE = JobKind("device_request.revoke", SignedChange)
MARK_IN_ERROR = JobKind("device_request.mark_in_error", SignedChange)
RESEND = JobKind("device_request.resend", Change)
COMPLETE = JobKind("device_request.complete", Change)
DISPENSE_CREATE = JobKind("device_dispense.create", NewDispense)
DISPENSE_COMPLETE = JobKind("device_dispense.complete", SignedChange)
DISPENSE_STOP = JobKind("device_dispense.stop", Change)
DISPENSE_MARK_IN_ERROR = JobKind("device_dispense.mark_in_error", SignedChange)
