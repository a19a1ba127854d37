"""The public report as published."""

from esoz.kernel.payload import JSON

from .model import MainNumbers


def main_numbers(numbers: MainNumbers) -> JSON:
    """How many declarations, clinics, doctors, pharmacies and pharmacists there are, and prescriptions by status."""
    return {
        "declarations": numbers.declarations,
        "msps": numbers.clinics,
        "doctors": numbers.doctors,
        "pharmacies": numbers.pharmacies,
        "pharmacists": numbers.pharmacists,
        "medication_requests_active": numbers.prescriptions_active,
        "medication_requests_completed": numbers.prescriptions_completed,
    }
