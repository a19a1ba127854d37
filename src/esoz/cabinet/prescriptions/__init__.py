"""My prescriptions: the number and code for the pharmacy, what is left, what was handed over."""

from .queries import active

__all__ = ["active"]
