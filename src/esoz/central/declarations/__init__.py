"""Declarations: which doctor a person chose."""

from .api import operations
from .commands.declarations import DeclarationDetails, declare, terminate
from .job_handlers import job_handlers
from .model import Declaration, Status
from .periodic import periodic_tasks
from .queries.declarations import has_active_declaration
from .store.declarations import find_declaration, live_declaration

__all__ = [
    "Declaration",
    "DeclarationDetails",
    "Status",
    "declare",
    "find_declaration",
    "has_active_declaration",
    "job_handlers",
    "live_declaration",
    "operations",
    "periodic_tasks",
    "terminate",
]
