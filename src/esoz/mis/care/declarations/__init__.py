"""Declarations in the clinic: a patient chooses a doctor here, confirms, the doctor signs."""
