"""What the record of a patient is made of, and the rules of it."""

from .episode import MOVES, Diagnosis, Episode, EpisodeStatus
from .events import Event
from .kinds import ENCOUNTERS, ENTITIES, IMMUNIZATIONS, KIND_OF, OBSERVATIONS, Kind
from .package import Package, PlacedRecord, Records

__all__ = [
    "ENCOUNTERS",
    "ENTITIES",
    "IMMUNIZATIONS",
    "KIND_OF",
    "MOVES",
    "OBSERVATIONS",
    "Diagnosis",
    "Episode",
    "EpisodeStatus",
    "Event",
    "Kind",
    "Package",
    "PlacedRecord",
    "Records",
]
