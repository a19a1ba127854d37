"""A blank of form 1 for a doctor who is not in the system: filled in on a page, printed, and not kept."""

from .pages import pages

__all__ = ["pages"]
