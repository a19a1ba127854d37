"""Medicines: the register of substances, of what is prescribed and of what is sold."""

from .cache import known_dosage
from .commands import ImportCounts, RegisterChanges, import_drugs, import_register
from .content import ingredient, manufacturer, medication_info, medication_short, strength
from .model import ORDINARY_BLANK, Dosage, Ingredient, Medication, Strength, can_be_packed, is_multiple
from .queries import resolve_medications
from .store import as_dosages, as_medication, find_dosage

__all__ = [
    "ORDINARY_BLANK",
    "Dosage",
    "ImportCounts",
    "Ingredient",
    "Medication",
    "RegisterChanges",
    "Strength",
    "as_dosages",
    "as_medication",
    "can_be_packed",
    "find_dosage",
    "import_drugs",
    "import_register",
    "ingredient",
    "is_multiple",
    "known_dosage",
    "manufacturer",
    "medication_info",
    "medication_short",
    "resolve_medications",
    "strength",
]
