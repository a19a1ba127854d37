"""Patients: search in central, the patient's page, those opened lately."""

from .queries import find_patient, known_patient, recent

__all__ = ["find_patient", "known_patient", "recent"]
