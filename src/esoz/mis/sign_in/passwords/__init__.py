"""Passwords of the workplace: their rules, their term, changing them, reminders."""

from .model import MUST_CHANGE, PAUSED, WRONG_CURRENT, is_good
from .pages.links import PasswordLink, add_link_pages
from .queries import left, set_at

__all__ = ["MUST_CHANGE", "PAUSED", "WRONG_CURRENT", "PasswordLink", "add_link_pages", "is_good", "left", "set_at"]
