"""What the pipeline of pages does for drafts: saves what came and was not taken, puts it back, tells about it."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from starlette.responses import HTMLResponse, Response

from . import drafts, refill
from .display import clock_time
from .drafts import Draft, Marked
from .page import Page
from .templates import with_query

AnyPage: TypeAlias = Page[Any, Any]
ASKED = "draft_key"  # which of several drafts of a page to open


def owner(page: AnyPage) -> UUID | None:
    """Who types here: the user of the session, or whose session this browser had until it ended."""
    return page.session.user_id or page.session.former


async def rescue(page: AnyPage) -> str:
    """Keep a form that came when its session was over; the address of its page, empty when it is not to be kept.

    It came from our own page (the pipeline has checked that), and it says of itself whose it is.
    """
    given, user_id = drafts.marked(page.form), owner(page)
    if given is None or user_id is None or given.owner != str(user_id):
        return ""
    await save(page, given, user_id)
    return given.address


async def finish(page: AnyPage, response: Response) -> None:
    """After the handler: a form that led on is forgotten, any other is kept; the form that goes out is dressed.

    A refusal takes back what is written here; the pipeline then calls `keep` by itself.
    """
    given, user_id = _given(page), page.session.user_id
    if given and user_id and response.status_code < 400:
        led_on = response.status_code >= 300 or page.is_fragment
        if led_on and not page.put_off:
            await drafts.drop(page.db, user_id, given)
        else:
            await save(page, given, user_id)
    await dress(page, response)


async def keep(page: AnyPage) -> None:
    """Keep the form that came."""
    given, user_id = _given(page), page.session.user_id
    if given and user_id:
        await save(page, given, user_id)


async def keep_typed(page: AnyPage) -> bool:
    """Keep a form that its script saves in the background; False when it is not one to be kept."""
    given, user_id = drafts.marked(page.form), page.session.user_id
    return given is not None and user_id is not None and await save(page, given, user_id)


async def forget_typed(page: AnyPage) -> None:
    """A record has taken what the script of its form saves: no draft beside it is newer."""
    given, user_id = drafts.marked(page.form), page.session.user_id
    if given is not None and user_id is not None:
        await drafts.drop(page.db, user_id, given)


def saved(page: AnyPage, is_kept: bool, **more: str) -> Response:
    """The answer to the script of a form. Of a form that saves itself into its record, `more` tells the `version`
    of the record now, or the `trouble` because of which it was not changed.
    """
    at = clock_time(page.now) if is_kept else ""
    return page.json({"saved_at": at, **more, **asdict(page.left)})


def is_to_keep(page: AnyPage) -> bool:
    """Would a form be lost with what its handler has written."""
    return _given(page) is not None and page.session.user_id is not None


def _given(page: AnyPage) -> Marked | None:
    """The form that came, not one that its script saves in the background."""
    return drafts.marked(page.form) if page.form.text(drafts.TOKEN) and page.profile.vault else None


async def save(page: AnyPage, given: Marked, user_id: UUID) -> bool:
    """Save a draft; False when it is not one to be kept."""
    vault = page.profile.vault
    if vault is None:
        return False
    return await drafts.save(page.db, vault, user_id, given, at=page.now, session_id=page.session.id)


@dataclass(frozen=True, slots=True)
class DraftView:
    """What the page tells of a draft that it was filled with."""

    address: str
    key: str
    saved_at: datetime
    others: list[tuple[str, datetime]]  # addresses of other drafts of the same form
    lost: list[str] = field(default_factory=list)  # texts for which the form has no place any more


async def dress(page: AnyPage, response: Response) -> None:
    """Give the marked form of the page its hidden fields, and at its opening what was typed into it before."""
    if not _may_hold_form(page, response):
        return
    parts = refill.cut(bytes(response.body).decode())
    user_id, vault = page.session.user_id, page.profile.vault
    if parts is None or user_id is None or vault is None:
        return
    kept = await _kept(page, user_id) if page.request.method == "GET" else []
    inside, shown = parts.inside, None
    if kept:
        inside, lost = refill.filled(inside, kept[0].fields, drafts.NEVER_FILLED)
        shown = _shown(page, kept, lost)
    replaces = kept[0].key if kept else page.form.text(drafts.TOKEN)
    macros: Any = page.environment.get_template("drafts/parts.html").module
    notice = macros.notice(page, shown) if shown else ""
    hidden = macros.hidden(page.address, user_id, replaces)
    status = macros.status()
    html = f"{parts.before}{notice}{parts.tag}{hidden}{inside}{status}{parts.after}"
    response.body = html.encode()
    response.headers["content-length"] = str(len(response.body))


def _may_hold_form(page: AnyPage, response: Response) -> bool:
    is_html = response.media_type == HTMLResponse.media_type and not page.is_fragment
    return is_html and page.session.user_id is not None and refill.MARK.encode() in bytes(response.body)


async def _kept(page: AnyPage, user_id: UUID) -> list[Draft]:
    """Drafts of the page, the one that is asked for first, else the newest."""
    assert page.profile.vault is not None
    found = await drafts.of_page(page.db, page.profile.vault, user_id, page.address, page.now)
    return sorted(found, key=lambda draft: draft.key != page.query.get(ASKED))


def _shown(page: AnyPage, kept: list[Draft], lost: list[str]) -> DraftView:
    others = [(with_query(page.path, page.query_pairs, **{ASKED: draft.key}), draft.saved_at) for draft in kept[1:]]
    return DraftView(page.address, kept[0].key, kept[0].saved_at, others, lost)
