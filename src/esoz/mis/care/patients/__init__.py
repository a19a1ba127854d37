"""Patients: search in central, the patient's page, those opened lately, what they do not tolerate."""

from .model import allergy_in_words, is_in_force
from .queries import Part, allergies, find_patient, kept_lines, known_patient, offer, recent, some_patients

__all__ = [
    "Part",
    "allergies",
    "allergy_in_words",
    "find_patient",
    "is_in_force",
    "kept_lines",
    "known_patient",
    "offer",
    "recent",
    "some_patients",
]
