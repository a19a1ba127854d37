"""Patients: search in central, the patient's page, those opened lately."""

from .model import Patient
from .queries import find_patient, known_patient, recent

__all__ = ["Patient", "find_patient", "known_patient", "recent"]
