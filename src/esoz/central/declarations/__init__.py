"""Declarations: which doctor a person chose."""

from .api import operations
from .commands import DeclarationDetails, declare, terminate
from .model import Declaration, Status
from .performers import performers
from .queries import has_active_declaration
from .store import find_declaration, live_declaration

__all__ = [
    "Declaration",
    "DeclarationDetails",
    "Status",
    "declare",
    "find_declaration",
    "has_active_declaration",
    "live_declaration",
    "operations",
    "performers",
    "terminate",
]
