"""Pages of passwords: changing one's own, and the term that a clinic chooses."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import Response

from esoz.kernel.pages import NavItem as Link
from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.gate import Gate
from esoz.mis.base.section import NavItem, Notice, Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.base.workplace import HEADS

from .. import commands, queries, store
from ..model import MUST_CHANGE, SHORTEST_TERM, rules

pages: MisPages = MisPages()

CHANGE = "/account/password"
GATE = Gate(MUST_CHANGE, CHANGE, frozenset({f"{CHANGE}/rules"}))

CHANGED = _("Пароль змінено. Інші Ваші сеанси завершено.")
TERM_SET = _("Строк паролів збережено.")
ENDS = _("Строк дії пароля закінчується")
CHANGE_NOW = _("Змінити зараз")
BAD_TERM = _("Введіть ціле число днів, не менше 7 і не більше за строк системи.")


@pages.add(f"GET {CHANGE}", signed_in=True)
async def change_form(page: MisPage) -> Response:
    return await _form(page, {})


@pages.add(f"POST {CHANGE}", signed_in=True)
async def change(page: MisPage) -> Response:
    typed = [page.form.raw(name) for name in ("current", "new", "again")]
    errors = await commands.change(page, *typed)
    if errors:
        return await _form(page, errors)
    page.flash(CHANGED)
    return page.redirect(page.next_path())


@pages.add(f"POST {CHANGE}/rules", signed_in=True)
async def kept_rules(page: MisPage) -> Response:
    """The rules again, with marks for what was typed so far."""
    secret = await store.secret(page.db, page.user.id)
    return page.render("passwords/rules.html", rules=rules(page.form.raw("new"), secret.own))


async def _form(page: MisPage, errors: Mapping[str, str]) -> Response:
    secret = await store.secret(page.db, page.user.id)
    return page.render(
        "passwords/change.html",
        status=422 if errors else 200,
        keep=True,  # a wrong password is counted
        errors=errors,
        rules=rules(page.form.raw("new"), secret.own),
        left=await queries.left(page),
        next=page.next_path(),
    )


@pages.add("GET /staff/password-term", roles=HEADS)
async def term_form(page: MisPage) -> Response:
    days = await store.term(page.db, page.user.work.clinic_id)
    return _term(page, {"days": str(days) if days else ""}, {})


@pages.add("POST /staff/password-term", roles=HEADS)
async def set_term(page: MisPage) -> Response:
    text, most = page.form.text("days"), page.services.limits.password_days
    is_number = text.isdecimal() and len(text) < 5 and int(text) >= SHORTEST_TERM
    if text and not (is_number and (most == 0 or int(text) <= most)):
        return _term(page, {"days": text[:10]}, {"days": BAD_TERM})
    await commands.set_term(page, int(text) if text else None)
    page.flash(TERM_SET)
    return page.redirect("/staff/password-term")


def _term(page: MisPage, values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    return page.render(
        "passwords/term.html",
        status=422 if errors else 200,
        keep=False,
        values=values,
        errors=errors,
        most=page.services.limits.password_days,
    )


async def notices(page: MisPage) -> list[Notice]:
    """The end of the password's term comes."""
    left = await queries.announced(page)
    if left is None:
        return []
    text = page.ngettext("Пароль діє ще %(num)d день.", "Пароль діє ще %(num)d днів.", left)
    return [Notice("password", page.gettext(ENDS), text, page.gettext(CHANGE_NOW), CHANGE)]


def works(services: Services) -> list[Periodic]:
    """Reminders by mail."""
    return [Periodic("password reminders", timedelta(hours=1), lambda: commands.remind(services))]


section = Section(
    "passwords",
    pages,
    nav=(NavItem(_("Строк паролів"), "/staff/password-term", HEADS),),
    notices=(notices,),
    account=(Link(_("Змінити пароль"), CHANGE),),
    gates=(GATE,),
    works=works,
)
