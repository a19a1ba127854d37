"""Prescriptions and dispenses of a programme that the state pays for."""

from tests.central.prescriptions.conftest import code, dispensing, prescribing, prescription

__all__ = ["code", "dispensing", "prescribing", "prescription"]
