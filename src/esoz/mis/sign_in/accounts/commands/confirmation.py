"""Before a change of the ways in, the user proves anew who they are: an open screen must not be enough."""

from datetime import datetime

from esoz.mis.base.services import MisPage

from ..model import CONFIRMED

MARK = "confirmed_at"


def remember(page: MisPage) -> None:
    """They have proved it now."""
    page.session.put(MARK, page.now.isoformat())


def forget(page: MisPage) -> None:
    """What was proved in this browser before counts no more."""
    page.session.pop(MARK)


def is_confirmed(page: MisPage) -> bool:
    """Whether they proved it lately."""
    kept = page.session.text(MARK)
    return bool(kept) and page.now - datetime.fromisoformat(kept) < CONFIRMED
