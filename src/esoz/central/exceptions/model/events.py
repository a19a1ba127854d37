"""What the audit log tells of this context."""

from enum import StrEnum


class Event(StrEnum):
    EMERGENCY_CREATED = "emergency_dispense.created"
    EMERGENCY_CANCELLED = "emergency_dispense.cancelled"
    EMERGENCY_READ = "emergency_dispense.read"
    PAPER_CREATED = "paper_prescription.created"
    PAPER_CANCELLED = "paper_prescription.cancelled"
    PAPER_READ = "paper_prescription.read"
    PAPERS_READ = "paper_prescriptions.read"
    PAPER_DISPENSED = "paper_dispense.created"
    PAPER_DISPENSE_CANCELLED = "paper_dispense.cancelled"
    PAPER_DISPENSES_READ = "paper_dispenses.read"
    PACKAGES_READ = "pharmacy_medications.read"
    EMERGENCIES_READ = "emergency_dispenses.read"
    WHOLESALE_REQUESTED = "wholesale_request.created"
    WHOLESALE_REQUEST_CANCELLED = "wholesale_request.cancelled"
    WHOLESALE_REQUEST_READ = "wholesale_request.read"
    WHOLESALE_REQUESTS_READ = "wholesale_requests.read"
    WHOLESALE_SUPPLIED = "wholesale_supply.created"
    WHOLESALE_SUPPLY_CANCELLED = "wholesale_supply.cancelled"
    WHOLESALE_SUPPLIES_READ = "wholesale_supplies.read"
