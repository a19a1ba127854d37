"""What the record of a patient is made of, and the rules of it."""

from .episode import MOVES, Diagnosis, Episode, EpisodeStatus
from .events import Event
from .faults import Faults, must_hold
from .kinds import ALLERGY_INTOLERANCES, CONDITIONS, ENCOUNTERS, ENTITIES, IMMUNIZATIONS, OBSERVATIONS, Kind
from .package import Entity, Package

__all__ = [
    "ALLERGY_INTOLERANCES", "CONDITIONS", "ENCOUNTERS", "ENTITIES", "IMMUNIZATIONS", "MOVES", "OBSERVATIONS",
    "Diagnosis", "Entity", "Episode", "EpisodeStatus", "Event", "Faults", "Kind", "Package", "must_hold",
]
