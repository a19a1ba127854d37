"""Pages of coming in and going out."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _

from .. import access
from ..journal import record
from ..passwords import queries as passwords
from ..passwords.model import MUST_CHANGE
from ..section import NavItem, Section
from ..services import MisPage, MisPages
from ..workplace import EVERYBODY, HEADS
from . import commands, queries, store
from .model import Event, Outcome, Standing

pages: MisPages = MisPages()

NO_EMAIL = _("Введіть електронну пошту.")
NO_PASSWORD = _("Введіть пароль.")
LIFTED = _("Паузу знято: працівник може увійти паролем.")
# Words and colours of the outcomes of a try.
OUTCOMES = {
    Outcome.ACCEPTED: (_("Вхід"), "green"),
    Outcome.WRONG: (_("Неправильний пароль"), "red"),
    Outcome.PAUSED: (_("Під час паузи"), "orange"),
    Outcome.THROTTLED: (_("Мережу обмежено"), "orange"),
}


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
    if await passwords.left(page) == 0:
        page.session.put(MUST_CHANGE, True)
    return page.redirect(await _onward(page))


def _form(page: MisPage, errors: Mapping[str, str], standing: Standing | None = None) -> Response:
    return page.render(
        "login/sign_in.html",
        status=422 if errors or standing else 200,
        errors=errors,
        standing=standing,
        limits=page.services.limits,
        ways=[way for section in page.services.sections for way in section.ways],
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
    await commands.choose_workplace(page, _id(page.form.text("workplace")))
    page.visitor = await store.worker(page.db, page.user.id)
    return page.redirect(await _onward(page))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise NotFound() from fault


@pages.add("GET /account", signed_in=True)
async def account(page: MisPage) -> Response:
    """The user's own sign-ins and failed tries."""
    links = [link for section in page.services.sections for link in section.account]
    return page.render("login/account.html", tries=await queries.tries(page), outcomes=OUTCOMES, links=links)


@pages.add("GET /staff/pauses", roles=HEADS)
async def pauses(page: MisPage) -> Response:
    return page.render("login/pauses.html", paused=await queries.paused(page))


@pages.add("POST /staff/pauses", roles=HEADS)
async def lift(page: MisPage) -> Response:
    await commands.lift_pause(page, _id(page.form.text("user")))
    page.flash(LIFTED)
    return page.redirect("/staff/pauses")


section = Section(
    "login",
    pages,
    nav=(NavItem(_("Паузи входу"), "/staff/pauses", HEADS), NavItem(_("Мої входи"), "/account", EVERYBODY)),
)
