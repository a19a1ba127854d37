"""The changes of referrals that are queued: their kinds and their bodies."""

from uuid import UUID

import msgspec

from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import Proven

from .requests import Completion, Usage


class SignedBody(msgspec.Struct, frozen=True):
    """A signed document and nothing beside it."""

    signed_data: str


class SignedOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A referral on its way; `proven` of its document when it arrived."""

    person_id: UUID
    signed_data: str
    proven: Proven | None = None


class SignedEnd(SignedOrder, frozen=True, kw_only=True, omit_defaults=True):
    """A referral is recalled, or taken back as written by mistake."""

    id: UUID


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a referral that says nothing more."""

    person_id: UUID
    id: UUID


class Use(Change, frozen=True, kw_only=True):
    usage: Usage


class Complete(Change, frozen=True, kw_only=True):
    completion: Completion


CREATE = JobKind("service_request.create", SignedOrder)
RECALL = JobKind("service_request.recall", SignedEnd)
CANCEL = JobKind("service_request.cancel", SignedEnd)
USE = JobKind("service_request.use", Use)
RELEASE = JobKind("service_request.release", Change)
PROCESS = JobKind("service_request.process", Change)
COMPLETE = JobKind("service_request.complete", Complete)
