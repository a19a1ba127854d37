"""The record of a patient: episodes, encounters and what encounters bring; the jobs that write it."""

from .api import operations
from .commands import (
    add_dispense,
    change_dispense,
    check_references,
    must_be_signed_by_author_or_administrator,
    resolve_records,
)
from .job_handlers import job_handlers
from .model.documents import with_names
from .model.hidden import EPISODES, Hidden
from .queries import (
    GRANTABLE_TYPES,
    access_rule,
    hidden_from,
    named_episode,
    named_record,
    resolve_episodes,
    resolve_reports,
)
from .store import dispenses_of_clinic, find_encounter, find_episode
from .wire import accepted, check_signed, filters, record
from .wire import episode as shown_episode

__all__ = [
    "EPISODES",
    "GRANTABLE_TYPES",
    "Hidden",
    "accepted",
    "access_rule",
    "add_dispense",
    "change_dispense",
    "check_references",
    "check_signed",
    "dispenses_of_clinic",
    "filters",
    "find_encounter",
    "find_episode",
    "hidden_from",
    "job_handlers",
    "must_be_signed_by_author_or_administrator",
    "named_episode",
    "named_record",
    "operations",
    "record",
    "resolve_episodes",
    "resolve_records",
    "resolve_reports",
    "shown_episode",
    "with_names",
]
