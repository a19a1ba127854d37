"""What lists are narrowed by, as published."""

from datetime import date
from uuid import UUID

import msgspec

from . import dispenses, drafts, requests
from .drafts import Intent


class DraftFilter(msgspec.Struct, frozen=True):
    """Filters of drafts for a person; new ones by default."""

    legal_entity_id: UUID | None = None
    employee_id: UUID | None = None
    episode_id: UUID | None = None
    care_plan_id: UUID | None = None
    activity_id: UUID | None = None
    encounter_id: UUID | None = None
    status: drafts.Status = drafts.Status.NEW
    intent: Intent | None = None


class RequestFilter(msgspec.Struct, frozen=True):
    """Filters of a person's list."""

    legal_entity_id: UUID | None = None
    employee_id: UUID | None = None
    status: requests.Status | None = None
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


class OwnRequestFilter(msgspec.Struct, frozen=True):
    """Filters of the patient's own list; `person_id` may only be their own."""

    legal_entity_id: UUID | None = None
    employee_id: UUID | None = None
    person_id: UUID | None = None
    status: requests.Status | None = None
    request_number: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    medication_id: UUID | None = None
    intent: Intent | None = None
    encounter_id: UUID | None = None


class NumberFilter(msgspec.Struct, frozen=True):
    """What a pharmacist looks a prescription up by."""

    request_number: str


class DispenseFilter(msgspec.Struct, frozen=True):
    """Filters of the lists of dispenses."""

    id: UUID | None = None
    medication_request_id: UUID | None = None
    legal_entity_id: UUID | None = None
    division_id: UUID | None = None
    status: dispenses.Status | None = None
    dispensed_from: date | None = None
    dispensed_to: date | None = None
    care_plan_id: UUID | None = None


class CountFilter(msgspec.Struct, frozen=True):
    """Days whose dispenses are counted, both included; one division or all of them."""

    dispensed_from: date
    dispensed_to: date
    division_id: UUID | None = None


class PlanDraftFilter(msgspec.Struct, frozen=True):
    """Filters of the drafts that carry out a care plan; all of them by default."""

    employee_id: UUID | None = None
    person_id: UUID | None = None
    status: drafts.Status | None = None
    intent: Intent | None = None
    encounter_id: UUID | None = None


class PlanRequestFilter(RequestFilter, frozen=True):
    """Filters of the prescriptions that carry out a care plan; the plan is in the path."""

    person_id: UUID | None = None
