"""What prescriptions are tested with: a doctor who prescribes, packages of the register."""

from tests.central.prescriptions.conftest import dispensing, prescribing, prescription

__all__ = ["dispensing", "prescribing", "prescription"]
