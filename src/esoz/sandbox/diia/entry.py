"""Whose telephone it is, and coming in to ЕСОЗ with the holder's signature."""

import base64
import json
from collections.abc import Sequence

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused, Explanation

from . import access, store
from .answers import ENTRY
from .services import PhonePage, PhonePages
from .texts import explain

pages: PhonePages = PhonePages()

PAGE_SIZE = 10
NEWCOMER = "person is not found"
REGISTER = _("Вас ще немає в ЕСОЗ. Перевірте свої документи й зареєструйтеся.")
STALE = _("Запит на вхід застарів. Підпишіть його ще раз.")


@pages.add("GET /holder", public=True)
async def choose(page: PhonePage) -> Response:
    words = page.query.get("words", "")[:100]
    found = page.services.holders.search(words, page.list_page(PAGE_SIZE))
    return page.render("holder.html", found=found, values={"words": words}, next=page.next_path())


@pages.add("POST /holder", public=True)
async def hold(page: PhonePage) -> Response:
    holder = page.services.holders.by_tax_id(page.form.text("tax_id"))
    if holder is None:
        raise NotFound()
    page.sign_in(holder.id)
    return page.redirect(page.next_path())


@pages.add("POST /sign-out", public=True)
async def put_down(page: PhonePage) -> Response:
    """The telephone is put down: the next one who takes it says who they are."""
    if page.visitor is not None:
        await access.sign_out(page)
        page.sign_out()
    return page.redirect("/holder")


@pages.add(f"GET {ENTRY}", signed_in=True)
async def sign_in_form(page: PhonePage) -> Response:
    if await store.tokens(page.db, page.services.vault, page.user.id) is not None:
        return page.redirect(page.next_path())
    return await _form(page)


@pages.add(f"POST {ENTRY}", signed_in=True)
async def sign_in(page: PhonePage) -> Response:
    content = _content(page.form.text("content"))
    if content is None:
        page.flash(STALE, "important")
        return page.redirect(ENTRY)
    try:
        await access.sign_in(page, content)
    except CentralRefused as refused:
        if NEWCOMER in refused.message.lower():
            page.flash(REGISTER, "important")
            return page.redirect("/register")
        return await _form(page, explain(refused), refused)
    return page.redirect(page.next_path())


def _content(field: str) -> bytes | None:
    """What came back to be signed: a nonce of central and nothing else; central knows its own."""
    try:
        content = base64.b64decode(field, validate=True)
        told = json.loads(content)
    except (ValueError, RecursionError):
        return None
    is_nonce = isinstance(told, dict) and list(told) == ["jwt"] and isinstance(told["jwt"], str)
    return content if is_nonce else None


async def _form(page: PhonePage, told: Sequence[Explanation] = (), refused: CentralRefused | None = None) -> Response:
    """The form with a fresh nonce: each opens one session and lives fifteen minutes."""
    content = access.to_be_signed(await access.ask_nonce(page))
    return page.render(
        "entry.html",
        status=422 if refused else 200,
        keep=False,
        content=content,
        refused=told,
        central_id=refused.request_id if refused else "",
        next=page.next_path(),
    )
