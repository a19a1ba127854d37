"""My prescriptions: the number and code for the pharmacy, what is left, what was handed over."""

from .model import Prescription
from .pages import chosen_ids
from .queries import active, chosen, without_dispenses

__all__ = ["Prescription", "active", "chosen", "chosen_ids", "without_dispenses"]
