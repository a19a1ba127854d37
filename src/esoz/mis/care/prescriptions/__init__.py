"""Electronic prescriptions, the doctor's side: writing, signing, the note for the patient, taking back."""

from .commands.prescriptions import find, sign, to_sign
from .model.drugs import number
from .model.prescriptions import DISPENSE_STATUSES, Prescription, State, dispense_tag, state_tag
from .queries import follow
from .store import made

__all__ = [
    "DISPENSE_STATUSES",
    "Prescription",
    "State",
    "dispense_tag",
    "find",
    "follow",
    "made",
    "number",
    "sign",
    "state_tag",
    "to_sign",
]
