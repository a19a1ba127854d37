"""Declarations in the clinic: a patient chooses a doctor here, confirms, the doctor signs; the doctor's patients."""

from .commands import follow

__all__ = ["follow"]
