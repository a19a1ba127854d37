"""Notices: what a person is told, by one way after another until one of them has reached them."""

from .commands import tell
from .model import Kind, Letter, Notice, State, must_be_printed, read_order
from .periodic import periodic_tasks
from .store import last_about, page_about
from .wire import shown_notice

__all__ = [
    "Kind",
    "Letter",
    "Notice",
    "State",
    "last_about",
    "must_be_printed",
    "page_about",
    "periodic_tasks",
    "read_order",
    "shown_notice",
    "tell",
]
