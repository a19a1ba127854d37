"""Pages of coming in and going out."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _

from .. import access
from ..journal import record
from ..section import Section
from ..services import MisPage, MisPages
from . import commands, store
from .model import Event, Standing

pages: MisPages = MisPages()

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
    tried = await commands.sign_in(page, email, password)
    if tried.user_id is None:
        page.keep_changes()
        return _form(page, {}, tried.standing)
    page.session.put("welcome", True)
    return page.redirect(await _onward(page))


def _form(page: MisPage, errors: Mapping[str, str], standing: Standing | None = None) -> Response:
    return page.render(
        "login/sign_in.html",
        status=422 if errors or standing else 200,
        errors=errors,
        standing=standing,
        values={"email": page.form.text("email")},
        next=page.next_path(),
    )


async def _onward(page: MisPage) -> str:
    """Where a user goes after the password: choose a workplace, authorise at central, or to where they wanted."""
    wanted = page.next_path()
    if page.user.workplace is None:
        return access.with_next("/workplaces", wanted)
    if not await access.has_token(page):
        return access.with_next("/connect/start", wanted)
    return wanted


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
    try:
        asked = UUID(page.form.text("workplace"))
    except ValueError as fault:
        raise NotFound() from fault
    await commands.choose_workplace(page, asked)
    page.visitor = await store.worker(page.db, page.user.id)
    return page.redirect(await _onward(page))


section = Section("login", pages)
