"""The published spellings of medical records."""

from .answers import accepted, context, encounter_short, episode, episode_of_group, episode_short, job, package, record
from .lists import Filters, filters
from .signed import check as check_signed
from .signed import read_cancellation, read_package, read_report, read_report_cancellation

__all__ = [
    "Filters",
    "accepted",
    "check_signed",
    "context",
    "encounter_short",
    "episode",
    "episode_of_group",
    "episode_short",
    "filters",
    "job",
    "package",
    "read_cancellation",
    "read_package",
    "read_report",
    "read_report_cancellation",
    "record",
]
