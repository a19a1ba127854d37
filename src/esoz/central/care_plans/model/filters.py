"""The published filters of lists of care plans and of their activities."""

from datetime import date
from uuid import UUID

import msgspec

from .activities import Kind
from .activities import Status as ActivityStatus
from .plans import Status


class PlanFilter(msgspec.Struct, frozen=True):
    """Of a patient."""

    legal_entity_id: UUID | None = None
    period_date: date | None = None
    encounter_id: UUID | None = None
    requisition: str | None = None
    based_on: UUID | None = None
    part_of: UUID | None = None
    managing_organization_id: UUID | None = None
    status: Status | None = None

    @property
    def clinics(self) -> frozenset[UUID]:
        """Two published names of one filter."""
        return frozenset(each for each in (self.legal_entity_id, self.managing_organization_id) if each is not None)


class PlanFilterV2(PlanFilter, frozen=True):
    """The second version asks for a category and a diagnosis as well."""

    category: str | None = None
    addresses: str | None = None


class NumberFilter(msgspec.Struct, frozen=True):
    """By the number that the patient brings."""

    requisition: str
    status: Status | None = None


class ActivityFilter(msgspec.Struct, frozen=True):
    """Of a plan."""

    author: UUID | None = None
    kind: Kind | None = None
    status: ActivityStatus | None = None
    managing_organization_id: UUID | None = None


class OwnFilter(msgspec.Struct, frozen=True):
    """Of the patient who asks."""

    status: Status | None = None
