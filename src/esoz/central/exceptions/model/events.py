"""What the audit log tells of this context."""

from enum import StrEnum


class Event(StrEnum):
    EMERGENCY_CREATED = "emergency_dispense.created"
    EMERGENCY_CANCELLED = "emergency_dispense.cancelled"
    EMERGENCY_READ = "emergency_dispense.read"
    PACKAGES_READ = "pharmacy_medications.read"
    EMERGENCIES_READ = "emergency_dispenses.read"
