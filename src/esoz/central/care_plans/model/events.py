"""What is written in the audit log about care plans."""

from enum import StrEnum


class Event(StrEnum):
    SUBMITTED = "care_plan_change.submitted"
    CREATED = "care_plan.created"
    VIEWED = "care_plan.viewed"
    FOUND = "care_plan.found_by_number"
    CANCELLED = "care_plan.cancelled"
    COMPLETED = "care_plan.completed"
    TERMINATED = "care_plan.terminated"
    PREQUALIFIED = "care_plan_activity.prequalified"
    ACTIVITY_CREATED = "care_plan_activity.created"
    ACTIVITY_CANCELLED = "care_plan_activity.cancelled"
    ACTIVITY_COMPLETED = "care_plan_activity.completed"
