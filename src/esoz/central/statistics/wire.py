"""The public report as published."""

from esoz.kernel.payload import JSON

from .model import DivisionNumbers, MainNumbers, MonthNumbers, RegionNumbers


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


def region(numbers: RegionNumbers) -> JSON:
    """A region; its declarations in all are those in force."""
    return {
        "region": {"id": numbers.id, "name": numbers.name},
        "stats": {
            "declarations_total": numbers.declared - numbers.undeclared,
            "declarations_created": numbers.declared,
            "declarations_closed": numbers.undeclared,
            "msps": numbers.clinics,
            "doctors": numbers.doctors,
            "pharmacies": numbers.pharmacies,
            "pharmacists": numbers.pharmacists,
        },
    }


def division(numbers: DivisionNumbers) -> JSON:
    """A division."""
    return {
        "stats": {
            "declarations": numbers.declarations,
            "msps": numbers.clinics,
            "doctors": numbers.doctors,
            "medication_requests_active": numbers.prescriptions_active,
            "medication_requests_completed": numbers.prescriptions_completed,
        },
        "division": {"id": numbers.id, "name": numbers.name},
    }


def month(numbers: MonthNumbers) -> JSON:
    """A month of declarations and prescriptions."""
    found: dict[str, object] = {"period_type": "MONTH", "period_name": f"{numbers.month:%Y-%m}"}
    for name, balance in (
        ("declarations", numbers.declarations),
        ("medication_requests", numbers.prescriptions),
    ):
        found |= {
            f"{name}_created": balance.created,
            f"{name}_closed": balance.closed,
            f"{name}_active_start": balance.at_start,
            f"{name}_active_end": balance.at_end,
        }
    return found
