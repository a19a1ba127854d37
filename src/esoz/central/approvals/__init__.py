"""Approvals: a patient lets a doctor read what is named, by a code that was sent to their phone."""

from .api import operations
from .model import EPISODE, EPISODES, GrantedAccess
from .periodic import periodic_tasks
from .queries import granted_access, has_declaration

__all__ = [
    "EPISODE",
    "EPISODES",
    "GrantedAccess",
    "granted_access",
    "has_declaration",
    "operations",
    "periodic_tasks",
]
