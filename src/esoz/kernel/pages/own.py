"""Pages that every site has: going on with a session, beginning it anew, drafts of forms."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from . import keeping
from .page import Page
from .routes import Pages


def own_pages() -> Pages[Any, Any]:
    """The routes."""
    found: Pages[Any, Any] = Pages()
    found.add("GET /session/continue", signed_in=True)(_continue)
    found.add("POST /session/again", signed_in=True)(_again)
    found.add("POST /drafts", signed_in=True)(_save)
    found.add("POST /drafts/clear", signed_in=True)(_clear)
    return found


async def _continue(page: Page[Any, Any]) -> Response:
    """Go on with the session: the request itself has moved its end."""
    page.session.changed = True
    page.session.seen_at = page.now
    return page.json(asdict(page.left))


async def _again(page: Page[Any, Any]) -> Response:
    """End a session that cannot go on, and lead through the sign-in back to where its user is."""
    page.session.sign_out(page.now)
    page.visitor = None
    return page.redirect(f"{page.profile.sign_in}?{urlencode({'next': page.next_path()})}")


async def _save(page: Page[Any, Any]) -> Response:
    """A form as far as it is filled in, from its script; the answer tells the time of saving, empty when not saved."""
    return keeping.saved(page, await keeping.keep_typed(page))


async def _clear(page: Page[Any, Any]) -> Response:
    """Open the form empty: it comes here like one that is taken, so its draft is forgotten."""
    return page.redirect(page.address)
