"""The published filters of lists of referrals."""

from uuid import UUID

import msgspec

from .requests import Status


class RequestFilter(msgspec.Struct, frozen=True):
    """Of a patient."""

    status: Status | None = None
    requester_legal_entity: UUID | None = None
    used_by_legal_entity: UUID | None = None
    episode_id: UUID | None = None
    code: UUID | None = None
    care_plan_id: UUID | None = None


class EpisodeFilter(msgspec.Struct, frozen=True):
    """Of an episode; active ones unless another status is asked for."""

    status: Status = Status.ACTIVE


class NumberFilter(msgspec.Struct, frozen=True):
    """By the number that the patient brings."""

    requisition: str
    status: Status = Status.ACTIVE


class OwnFilter(msgspec.Struct, frozen=True):
    """Of the patient who asks."""

    status: Status | None = None
