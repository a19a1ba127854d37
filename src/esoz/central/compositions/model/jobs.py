"""The changes of medical conclusions that are queued: their kinds and their bodies."""

from uuid import UUID

import msgspec

from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import Proven


class SignedBody(msgspec.Struct, frozen=True):
    """A signed document and nothing beside it."""

    signed_data: str


class SignedDraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A conclusion on its way; `proven` of its document when it arrived."""

    person_id: UUID
    signed_data: str
    proven: Proven | None = None


class SignedMark(SignedDraft, frozen=True, kw_only=True, omit_defaults=True):
    """A conclusion is taken back as written by mistake."""

    id: UUID


class Resend(msgspec.Struct, frozen=True, kw_only=True):
    """The number is to be told to the patient again."""

    person_id: UUID
    id: UUID


CREATE = JobKind("composition.create", SignedDraft)
MARK_IN_ERROR = JobKind("composition.mark_in_error", SignedMark)
RESEND = JobKind("composition.resend", Resend)
