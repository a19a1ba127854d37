"""Pages of the user's sessions and of the lock of the screen."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import NavItem, active_sessions
from esoz.kernel.pages import mark as _
from esoz.mis.base.gate import Gate
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.urls import with_next
from esoz.mis.sign_in import accounts

from . import commands
from .model import LOCK, LOCKED, PAGE

pages: MisPages = active_sessions.session_pages(accounts.METHODS)

NO_PASSWORD = _("Введіть пароль.")


@pages.add(f"POST {LOCK}", signed_in=True)
async def lock(page: MisPage) -> Response:
    await commands.lock(page)
    return page.redirect(with_next(PAGE, page.next_path()))


@pages.add(f"GET {PAGE}", signed_in=True)
async def locked(page: MisPage) -> Response:
    if not page.session.data.get(LOCKED):
        return page.redirect(page.next_path())
    return _form(page, {})


@pages.add(f"POST {PAGE}", signed_in=True)
async def unlock(page: MisPage) -> Response:
    password = page.form.raw("password")
    if not password:
        return _form(page, {"password": NO_PASSWORD})
    refused = await accounts.try_password(page, password)
    if refused is not None:
        return _form(page, {}, refused)
    await commands.unlock(page)
    return page.redirect(page.next_path())


def _form(page: MisPage, errors: Mapping[str, str], lockout: accounts.LockoutState | None = None) -> Response:
    return page.render(
        "sessions/locked.html",
        status=422 if errors or lockout else 200,
        keep=True,  # a wrong password is counted
        errors=errors,
        lockout=lockout,
        ways=[way for section in page.services.sections for way in section.unlocks],
        next=page.next_path(),
    )


section = Section(
    "sessions",
    pages,
    account=(NavItem(active_sessions.LINK, active_sessions.PATH),),
    gates=(Gate(LOCKED, PAGE, frozenset({LOCK}), below=True),),
)
