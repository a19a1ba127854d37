"""Medical programmes: who pays for which medicines, under which rules."""

from .api import operations
from .cache import known_participants, known_programme, known_settings
from .commands import import_participants, import_programmes, make_programmes
from .content import participant, without_settings
from .model import (
    WITHOUT_PROGRAMME,
    Definition,
    Participant,
    Programme,
    Settings,
    must_allow_dispensing,
    must_allow_prescribing,
)
from .sources import (
    ANTIBIOTICS_PROGRAMME,
    common_participants,
    common_programmes,
    read_participants,
    read_programmes,
)
from .store import find as find_programme
from .store import medications_of, participants, settings_of

__all__ = [
    "ANTIBIOTICS_PROGRAMME",
    "WITHOUT_PROGRAMME",
    "Definition",
    "Participant",
    "Programme",
    "Settings",
    "common_participants",
    "common_programmes",
    "find_programme",
    "import_participants",
    "import_programmes",
    "known_participants",
    "known_programme",
    "known_settings",
    "make_programmes",
    "medications_of",
    "must_allow_dispensing",
    "must_allow_prescribing",
    "operations",
    "participant",
    "participants",
    "read_participants",
    "read_programmes",
    "settings_of",
    "without_settings",
]
