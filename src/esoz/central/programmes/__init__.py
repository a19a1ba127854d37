"""Medical programmes: who pays for which medicines, under which rules."""

from .api import operations
from .cache import known_participants, known_programme, known_settings
from .commands import ANTIBIOTICS_PROGRAMME, make_antibiotics_programme
from .content import participant, without_settings
from .model import (
    WITHOUT_PROGRAMME,
    Participant,
    Programme,
    Settings,
    must_allow_dispensing,
    must_allow_prescribing,
)
from .store import find as find_programme
from .store import medications_of, participants, settings_of

__all__ = [
    "ANTIBIOTICS_PROGRAMME",
    "WITHOUT_PROGRAMME",
    "Participant",
    "Programme",
    "Settings",
    "find_programme",
    "known_participants",
    "known_programme",
    "known_settings",
    "make_antibiotics_programme",
    "medications_of",
    "must_allow_dispensing",
    "must_allow_prescribing",
    "operations",
    "participant",
    "participants",
    "settings_of",
    "without_settings",
]
