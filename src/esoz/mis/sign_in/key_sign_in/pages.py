"""Pages of signing in with КЕП, and of unlocking the screen with it."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import NavItem, faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.sign_in import accounts
from esoz.mis.sign_in.login import onward

from . import commands
from .model import FILE, PURPOSE

pages: MisPages = MisPages()

DOOR, LOCKED = "/sign-in/key", "/locked/key"


@pages.add(f"GET {DOOR}", public=True)
async def form(page: MisPage) -> Response:
    if page.visitor is not None:
        return page.redirect(page.next_path())
    return _form(page, {})


@pages.add(f"POST {DOOR}", public=True)
async def sign_in(page: MisPage) -> Response:
    try:
        await commands.sign_in(page, _challenge(page))
    except Rejected as fault:
        await accounts.refuse(page, None, accounts.Method.KEY)
        return _form(page, faults(fault))
    return page.redirect(await onward(page))


@pages.add(f"GET {LOCKED}", signed_in=True)
async def locked(page: MisPage) -> Response:
    return _form(page, {})


@pages.add(f"POST {LOCKED}", signed_in=True)
async def unlock(page: MisPage) -> Response:
    try:
        await commands.unlock(page, _challenge(page))
    except Rejected as fault:
        await accounts.refuse(page, None, accounts.Method.KEY)
        return _form(page, faults(fault))
    return page.redirect(page.next_path())


def _challenge(page: MisPage) -> bytes:
    try:
        return bytes.fromhex(page.form.text("challenge"))
    except ValueError:
        return b""


def _form(page: MisPage, errors: Mapping[str, str]) -> Response:
    """With a fresh request to sign each time."""
    challenge = accounts.challenges.make(page, PURPOSE)
    return page.render(
        "key_sign_in/form.html",
        status=422 if errors else 200,
        keep=True,  # the refused try is noted
        errors=errors,
        challenge=challenge.hex(),
        document={"content": commands.content_of(page, challenge), "name": FILE},
        is_locked=page.path == LOCKED,
        next=page.next_path(),
    )


section = Section(
    "key sign-in",
    pages,
    ways=(NavItem(_("Увійти за КЕП"), DOOR),),
    unlocks=(NavItem(_("Розблокувати за КЕП"), LOCKED),),
)
