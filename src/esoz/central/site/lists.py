"""What the lists of the pages share: the words and choices that `?…=` asks for."""

from collections.abc import Container

from .frame import Page

MOST = 100  # characters of a search


def query_text(page: Page, name: str) -> str | None:
    """What was typed into a search, None when nothing was."""
    return page.query.get(name, "").strip()[:MOST] or None


def query_choice(page: Page, name: str, choices: Container[str]) -> str | None:
    """What was chosen in a filter, None when nothing was or it is not one of `choices`."""
    chosen = page.query.get(name, "")
    return chosen if chosen in choices else None
