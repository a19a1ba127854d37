"""The one list that all pages of prescriptions stand in, and who may do what there."""

from ...services import MisPages

pages: MisPages = MisPages()

# Roles with the scope medication_request_request:sign; others only read.
PRESCRIBING = frozenset({"DOCTOR", "SPECIALIST", "MED_COORDINATOR"})
