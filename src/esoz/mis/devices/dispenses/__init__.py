"""Devices on prescription at the counter of a pharmacy: found by number, held, signed, handed over, taken back."""
