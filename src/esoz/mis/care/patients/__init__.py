"""Patients: search in central, the patient's page, those opened lately, what they do not tolerate."""

from .model import Search, allergy_in_words, is_in_force, read_fields
from .queries import Part, allergies, find_patient, kept_lines, known_patient, offer, recent, some_patients
from .queries import search as search_persons
from .store import keep as keep_patient

__all__ = [
    "Part",
    "Search",
    "allergies",
    "allergy_in_words",
    "find_patient",
    "is_in_force",
    "keep_patient",
    "kept_lines",
    "known_patient",
    "offer",
    "read_fields",
    "recent",
    "search_persons",
    "some_patients",
]
