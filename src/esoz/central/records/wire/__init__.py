"""The published spellings of medical records."""

from .answers import accepted, context, encounter_short, episode, episode_short, job, record
from .lists import Filters, filters
from .requests import Cancellation, Closing, EpisodeChange, PackageRequest
from .signed import read_package

__all__ = [
    "Cancellation", "Closing", "EpisodeChange", "Filters", "PackageRequest", "accepted", "context", "encounter_short",
    "episode", "episode_short", "filters", "job", "read_package", "record",
]
