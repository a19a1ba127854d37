"""Pages of signing in and out."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.urls import with_next
from esoz.mis.link import access
from esoz.mis.sign_in import accounts

from .. import store
from ..commands import sign_ins
from ..commands.arrivals import onward, ways
from ..forms import must_be_id
from ..model import Event
from .registry import pages

NO_EMAIL = _("Введіть електронну пошту.")
NO_PASSWORD = _("Введіть пароль.")


@pages.add("GET /sign-in", public=True)
async def sign_in_form(page: MisPage) -> Response:
    if page.visitor is not None:
        return page.redirect(page.next_path())
    return _form(page, {})


@pages.add("POST /sign-in", public=True)
async def sign_in(page: MisPage) -> Response:
    email, password = page.form.text("email"), page.form.raw("password")
    missing = {"email": NO_EMAIL} if not email else {}
    missing |= {"password": NO_PASSWORD} if not password else {}
    if missing:
        return _form(page, missing)
    tried = await sign_ins.sign_in(page, email, password)
    if tried.user_id is None:
        return _form(page, {}, tried.lockout)
    if tried.needs_code:
        return page.redirect(with_next("/sign-in/code", page.next_path()))
    return page.redirect(await onward(page))


def _form(page: MisPage, errors: Mapping[str, str], lockout: accounts.LockoutState | None = None) -> Response:
    return page.render(
        "login/sign_in.html",
        status=422 if errors or lockout else 200,
        keep=True,  # a wrong password is counted
        errors=errors,
        lockout=lockout,
        limits=page.services.limits,
        ways=ways(page),
        values={"email": page.form.text("email")},
        next=page.next_path(),
    )


@pages.add("POST /sign-out", signed_in=True)
async def sign_out(page: MisPage) -> Response:
    user_id = page.user.id
    await record(page, Event.SIGNED_OUT, user_id)
    if not await store.other_sessions(page.db, user_id, page.session.id):
        await access.end(page, user_id)
    page.sign_out()
    return page.redirect("/sign-in")


@pages.add("GET /workplaces", signed_in=True)
async def workplaces(page: MisPage) -> Response:
    places = await store.workplaces(page.db, page.user.id)
    return page.render("login/workplaces.html", places=places, next=page.next_path())


@pages.add("POST /workplaces", signed_in=True)
async def choose(page: MisPage) -> Response:
    await sign_ins.choose_workplace(page, must_be_id(page.form.text("workplace")))
    page.visitor = await store.worker(page.db, page.user.id)
    return page.redirect(await onward(page))
