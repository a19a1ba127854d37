"""A user’s own sessions: where they are signed in, ending one of them or all the others; for any site."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from starlette.responses import Response

from .. import audit
from ..errors import NotFound
from ..work import Actor, AuditEntry
from . import sessions
from .page import Page
from .routes import Pages
from .translations import mark as _

PATH = "/account/sessions"
LINK = _("Мої сеанси")
ENDED = _("Сеанс завершено.")
OTHERS_ENDED = _("Усі інші сеанси завершено.")


class Event(StrEnum):
    READ = "sessions.read"
    ENDED = "session.ended_elsewhere"


def session_pages(ways: Mapping[str, str] | None = None) -> Pages[Any, Any]:
    """The routes. `ways`: words for the ways to sign in that `Page.sign_in` was told."""
    found: Pages[Any, Any] = Pages()

    @found.add(f"GET {PATH}", signed_in=True)
    async def show(page: Page[Any, Any]) -> Response:
        user_id = page.session.user_id
        assert user_id is not None, "the route is for signed-in users"
        found = await sessions.active(page.db, user_id, page.now, page.profile.terms)
        await _record(page, Event.READ)
        return page.render("sessions/active.html", sessions=found, ways=ways or {})

    found.add(f"POST {PATH}/end", signed_in=True)(_end)
    found.add(f"POST {PATH}/end-others", signed_in=True)(_end_others)
    return found


async def _end(page: Page[Any, Any]) -> Response:
    """End one of the user's other sessions; this one ends by signing out."""
    try:
        id = bytes.fromhex(page.form.text("session"))
    except ValueError as fault:
        raise NotFound() from fault
    if page.session.user_id is None or id == page.session.id:
        raise NotFound()
    if await sessions.end(page.db, page.session.user_id, id):
        await _record(page, Event.ENDED, number=1)
    page.flash(ENDED)
    return page.redirect(PATH)


async def _end_others(page: Page[Any, Any]) -> Response:
    if page.session.user_id is None:
        raise NotFound()
    number = await sessions.end_all(page.db, page.session.user_id, but=page.session)
    await _record(page, Event.ENDED, number=number)
    page.flash(OTHERS_ENDED)
    return page.redirect(PATH)


async def _record(page: Page[Any, Any], event: Event, **facts: object) -> None:
    user_id = page.session.user_id
    about = audit.AuditContext(page.now, page.request_id, str(event), Actor(user_id=user_id))
    await audit.write(page.db, about, [AuditEntry(str(event), str(user_id), None, facts)])
