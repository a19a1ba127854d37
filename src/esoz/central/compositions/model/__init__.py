"""The law of medical conclusions: their types, what each of them asks, what becomes of them."""

from .compositions import MOVES, Composition, Status
from .events import Event

__all__ = ["MOVES", "Composition", "Event", "Status"]
