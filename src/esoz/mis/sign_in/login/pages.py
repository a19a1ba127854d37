"""Pages of coming in and going out."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.errors import NotFound
from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.journal import record
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.base.urls import with_next
from esoz.mis.base.workplace import EVERYBODY, HEADS
from esoz.mis.link import access
from esoz.mis.sign_in.passwords.model import PAUSED, WRONG_CURRENT

from . import challenges, commands, confirmed, queries, store
from .arrival import CONFIRM, onward, ways
from .model import CODES, Event, Method, Outcome, Standing, Try

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
    Outcome.ASKED: (_("Пароль правильний, коду не було"), "red"),
    Outcome.REFUSED: (_("Не прийнято"), "red"),
}
WRONG_CODE = (_("Неправильний код"), "red")
METHODS = {
    Method.PASSWORD: _("Пароль"),
    Method.CODE: _("Пароль і код із застосунку"),
    Method.RECOVERY_CODE: _("Пароль і код відновлення"),
    Method.KEY: _("КЕП"),
    Method.PASSKEY: _("Ключ доступу"),
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
    if tried.needs_code:
        return page.redirect(with_next("/sign-in/code", page.next_path()))
    return page.redirect(await onward(page))


def _form(page: MisPage, errors: Mapping[str, str], standing: Standing | None = None) -> Response:
    return page.render(
        "login/sign_in.html",
        status=422 if errors or standing else 200,
        errors=errors,
        standing=standing,
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
    await commands.choose_workplace(page, _id(page.form.text("workplace")))
    page.visitor = await store.worker(page.db, page.user.id)
    return page.redirect(await onward(page))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise NotFound() from fault


@pages.add("GET /account", signed_in=True)
async def account(page: MisPage) -> Response:
    """The user's own sign-ins and failed tries."""
    links = [link for section in page.services.sections for link in section.account]
    tries = [(each, *_words_of(each)) for each in await queries.tries(page)]
    return page.render("login/account.html", tries=tries, methods=METHODS, links=links)


def _words_of(each: Try) -> tuple[str, str]:
    """What came of a try, and its colour."""
    is_code = each.outcome is Outcome.WRONG and each.method in CODES
    return WRONG_CODE if is_code else OUTCOMES[each.outcome]


@pages.add(f"GET {CONFIRM}", signed_in=True)
async def confirm_form(page: MisPage) -> Response:
    return _confirm(page, {})


@pages.add(f"POST {CONFIRM}", signed_in=True)
async def confirm(page: MisPage) -> Response:
    """The password again, before a change of the ways in."""
    refused = await commands.try_password(page, page.form.raw("password"))
    if refused is not None:
        page.keep_changes()  # a wrong password is counted
        return _confirm(page, {"password": PAUSED if refused.paused_until else WRONG_CURRENT})
    confirmed.remember(page)
    await record(page, Event.CONFIRMED, page.user.id)
    return page.redirect(page.next_path("/account"))


def _confirm(page: MisPage, errors: Mapping[str, str]) -> Response:
    status = 422 if errors else 200
    return page.render("login/confirm.html", status=status, errors=errors, next=page.next_path("/account"))


@pages.add("GET /staff/pauses", roles=HEADS)
async def pauses(page: MisPage) -> Response:
    return page.render("login/pauses.html", paused=await queries.paused(page))


@pages.add("POST /staff/pauses", roles=HEADS)
async def lift(page: MisPage) -> Response:
    await commands.lift_pause(page, _id(page.form.text("user")))
    page.flash(LIFTED)
    return page.redirect("/staff/pauses")


def works(services: Services) -> list[Periodic]:
    """Forgetting answered challenges whose time is over anyway."""
    return [Periodic("challenges", timedelta(hours=1), lambda: challenges.forget_old(services))]


section = Section(
    "login",
    pages,
    nav=(NavItem(_("Паузи входу"), "/staff/pauses", HEADS), NavItem(_("Мої входи"), "/account", EVERYBODY)),
    works=works,
)
