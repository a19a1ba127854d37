"""Devices on prescription: those of a patient, a new one, one taken back."""

from .model import UNIT, device_name, last_day

__all__ = ["UNIT", "device_name", "last_day"]
