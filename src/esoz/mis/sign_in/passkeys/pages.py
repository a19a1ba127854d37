"""Pages of passkeys: signing in with one, and the user's own list."""

from starlette.responses import Response

from esoz.kernel.pages import NavItem
from esoz.kernel.pages import mark as _
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.sign_in.accounts import confirmed
from esoz.mis.sign_in.login import onward

from . import commands
from .model import LONGEST_NAME, MOST, is_possible
from .wire import NotTaken

pages: MisPages = MisPages()

DOOR, LOCKED, HOME = "/sign-in/passkey", "/locked/passkey", "/account/passkeys"
NOT_LET_IN = _("Ключ доступу не прийнято. Спробуйте ще раз або ввійдіть іншим способом.")
NOT_UNLOCKED = _("Ключ доступу не прийнято. Спробуйте ще раз або розблокуйте екран паролем.")
NOT_ADDED = _("Ключ доступу не додано. Спробуйте ще раз.")
NO_NAME = _("Назвіть ключ, щоб потім його впізнати, наприклад «Робочий ноутбук».")
TOO_LONG = _("Назва задовга: не більше 60 знаків.")
ADDED = _("Ключ доступу додано. Наступного разу ввійдіть ним: на сторінці входу – «Увійти ключем доступу».")
REMOVED = _("Ключ доступу видалено.")


@pages.add(f"GET {DOOR}", public=True)
async def door(page: MisPage) -> Response:
    if page.visitor is not None:
        return page.redirect(page.next_path())
    return _door(page, {})


@pages.add(f"POST {DOOR}", public=True)
async def sign_in(page: MisPage) -> Response:
    if await commands.sign_in(page, page.form.text("answer")):
        return page.redirect(await onward(page))
    return _door(page, {"passkey": NOT_LET_IN})


@pages.add(f"GET {LOCKED}", signed_in=True)
async def locked(page: MisPage) -> Response:
    return _door(page, {})


@pages.add(f"POST {LOCKED}", signed_in=True)
async def unlock(page: MisPage) -> Response:
    if await commands.unlock(page, page.form.text("answer")):
        return page.redirect(page.next_path())
    return _door(page, {"passkey": NOT_UNLOCKED})


def _door(page: MisPage, errors: dict[str, str]) -> Response:
    return page.render(
        "passkeys/door.html",
        status=422 if errors else 200,
        keep=True,  # the refused try is noted
        errors=errors,
        options=commands.options_to_come_in(page),
        is_possible=is_possible(page.services.base_url),
        is_locked=page.path == LOCKED,
        next=page.next_path(),
    )


@pages.add(f"GET {HOME}", signed_in=True)
async def mine(page: MisPage) -> Response:
    return page.render(
        "passkeys/mine.html",
        passkeys=await commands.mine(page),
        most=MOST,
        is_possible=is_possible(page.services.base_url),
    )


@pages.add(f"GET {HOME}/new", signed_in=True)
@confirmed
async def new_form(page: MisPage) -> Response:
    return await _new(page, {})


@pages.add(f"POST {HOME}/new", signed_in=True)
@confirmed
async def add(page: MisPage) -> Response:
    name = page.form.text("name")
    if not name or len(name) > LONGEST_NAME:
        return await _new(page, {"name": TOO_LONG if name else NO_NAME})
    try:
        await commands.add(page, name, page.form.text("answer"))
    except NotTaken:
        return await _new(page, {"passkey": NOT_ADDED})
    page.flash(ADDED)
    return page.redirect(HOME)


async def _new(page: MisPage, errors: dict[str, str]) -> Response:
    return page.render(
        "passkeys/new.html",
        status=422 if errors else 200,
        keep=False,
        errors=errors,
        values={"name": page.form.text("name")[:LONGEST_NAME]},
        options=await commands.options_to_add(page),
        is_possible=is_possible(page.services.base_url),
    )


@pages.add(f"GET {HOME}/{{id}}", signed_in=True)
@confirmed
async def remove_form(page: MisPage) -> Response:
    passkey = await commands.must_be_mine(page, page.id())
    return page.render("passkeys/remove.html", passkey=passkey)


@pages.add(f"POST {HOME}/{{id}}", signed_in=True)
@confirmed
async def remove(page: MisPage) -> Response:
    await commands.remove(page, page.id())
    page.flash(REMOVED)
    return page.redirect(HOME)


section = Section(
    "passkeys",
    pages,
    account=(NavItem(_("Ключі доступу"), HOME),),
    ways=(NavItem(_("Увійти ключем доступу"), DOOR),),
    unlocks=(NavItem(_("Розблокувати ключем доступу"), LOCKED),),
)
