"""The record of a patient: episodes, encounters and what encounters bring; the jobs that write it."""

from .api import operations
from .commands import resolve_records
from .job_handlers import job_handlers
from .queries import GRANTABLE_TYPES, access_rule, resolve_episodes, resolve_reports
from .store import find_encounter, find_episode

__all__ = [
    "GRANTABLE_TYPES",
    "access_rule",
    "find_encounter",
    "find_episode",
    "job_handlers",
    "operations",
    "resolve_episodes",
    "resolve_records",
    "resolve_reports",
]
