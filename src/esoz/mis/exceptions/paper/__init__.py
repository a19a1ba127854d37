"""Prescriptions on paper: recorded with a picture, handed over by in parts, the journal."""
