"""Coming in to ЕСОЗ with the holder's signature."""

import base64
import json
from collections.abc import Mapping, Sequence

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused, Explanation

from . import access, store
from .answers import ENTRY
from .services import DoorPage, DoorPages
from .texts import explain

pages: DoorPages = DoorPages()

NEWCOMER = "person is not found"
REGISTER = _("Вас ще немає в ЕСОЗ. Перевірте свої документи й зареєструйтеся.")
STALE = _("Запит на вхід застарів. Підпишіть його ще раз.")


@pages.add(f"GET {ENTRY}", signed_in=True)
async def sign_in_form(page: DoorPage) -> Response:
    if await store.tokens(page.db, page.services.vault, page.user.id) is not None:
        return page.redirect(page.next_path())
    return await _form(page)


@pages.add(f"POST {ENTRY}", signed_in=True)
async def sign_in(page: DoorPage) -> Response:
    content = _content(page.form.text("content"))
    if content is None:
        page.flash(STALE, "important")
        return page.redirect(ENTRY)
    try:
        document = await page.services.sign(page, content)
    except Rejected as fault:
        return await _form(page, errors=faults(fault))
    try:
        await access.sign_in(page, document)
    except CentralRefused as refused:
        if NEWCOMER in refused.message.lower():
            page.flash(REGISTER, "important")
            return page.redirect("/register")
        return await _form(page, explain(refused), refused.request_id)
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


async def _form(
    page: DoorPage, told: Sequence[Explanation] = (), central_id: str = "", errors: Mapping[str, str] | None = None
) -> Response:
    """The form with a fresh nonce: each opens one session and lives fifteen minutes."""
    content = access.to_be_signed(await access.ask_nonce(page))
    return page.render(
        "entry.html",
        status=422 if told or errors else 200,
        keep=False,
        content=content,
        refused=told,
        central_id=central_id,
        errors=errors or {},
        next=page.next_path(),
    )
