"""Prescriptions and dispenses of which there is something to count."""

from tests.central.prescriptions.conftest import code, dispensing, prescribing, prescription

__all__ = ["code", "dispensing", "prescribing", "prescription"]
