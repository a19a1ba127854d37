"""What is written in the audit log about a patient's record."""

from enum import StrEnum


class Event(StrEnum):
    EPISODE_SUBMITTED = "episode.submitted"
    EPISODE_CREATED = "episode.created"
    EPISODE_UPDATED = "episode.updated"
    EPISODE_CLOSED = "episode.closed"
    EPISODE_CANCELED = "episode.canceled"
    PACKAGE_SUBMITTED = "encounter_package.submitted"
    PACKAGE_STORED = "encounter_package.stored"
    PACKAGE_CANCEL_SUBMITTED = "encounter_package_cancellation.submitted"
    PACKAGE_CANCELED = "encounter_package.canceled"
    REPORT_SUBMITTED = "diagnostic_report_package.submitted"
    REPORT_STORED = "diagnostic_report_package.stored"
    REPORT_CANCEL_SUBMITTED = "diagnostic_report_package_cancellation.submitted"
    REPORT_CANCELED = "diagnostic_report_package.canceled"
    JOB_VIEWED = "job.viewed"
    RECORD_VIEWED = "medical_record.viewed"
    EMERGENCY_CONTACT_VIEWED = "emergency_contact.viewed"
    CONTEXT_VIEWED = "medical_record_context.viewed"
    SUMMARY_VIEWED = "patient_summary.viewed"
