"""Electronic prescriptions, the doctor's side: writing, signing, the note for the patient, taking back."""

from .drugs import number, unit_of
from .model import DISPENSE_STATUSES, dispense_tag, state_tag
from .queries import follow

__all__ = ["DISPENSE_STATUSES", "dispense_tag", "follow", "number", "state_tag", "unit_of"]
