"""The changes of care plans that are queued: their kinds and their bodies."""

from uuid import UUID

import msgspec

from esoz.kernel.fhir import CodeableConcept
from esoz.kernel.jobs import JobKind
from esoz.kernel.signed import Proven

from .activities import Completion


class SignedBody(msgspec.Struct, frozen=True):
    """A signed document and nothing beside it."""

    signed_data: str


class SignedChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change told by a signed document; `id` of the plan, `activity_id` where it is about one."""

    person_id: UUID
    signed_data: str
    id: UUID | None = None
    activity_id: UUID | None = None
    proven: Proven | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why a plan is completed."""

    status_reason: CodeableConcept


class PlanCompletion(msgspec.Struct, frozen=True, kw_only=True):
    person_id: UUID
    id: UUID
    status_reason: CodeableConcept


class ActivityCompletion(msgspec.Struct, frozen=True, kw_only=True):
    person_id: UUID
    id: UUID
    activity_id: UUID
    completion: Completion


CREATE = JobKind("care_plan.create", SignedChange)
CANCEL = JobKind("care_plan.cancel", SignedChange)
COMPLETE = JobKind("care_plan.complete", PlanCompletion)
CREATE_ACTIVITY = JobKind("care_plan_activity.create", SignedChange)
CANCEL_ACTIVITY = JobKind("care_plan_activity.cancel", SignedChange)
COMPLETE_ACTIVITY = JobKind("care_plan_activity.complete", ActivityCompletion)
