"""Pages of the way back in: asking for the link, and the new password."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.sign_in.passwords import store as password_store
from esoz.mis.sign_in.passwords.model import Rule, rules

from . import commands
from .model import seconds_left

pages: MisPages = MisPages()

ASKED = "recovery"  # in the session: when this browser has asked
LONGEST_EMAIL = 254
NOT_AN_EMAIL = _("Введіть електронну пошту, наприклад likar@klinika.ua.")
RENEWED = _("Пароль змінено, усі сеанси завершено. Увійдіть із новим паролем.")


@pages.add("GET /recover", public=True)
async def form(page: MisPage) -> Response:
    return page.render("recovery/ask.html", values={"email": page.query.get("email", "")[:LONGEST_EMAIL]}, errors={})


@pages.add("POST /recover", public=True)
async def ask(page: MisPage) -> Response:
    email = page.form.text("email")
    name, at, host = email.partition("@")
    if not (name and at and host) or len(email) > LONGEST_EMAIL or not email.isprintable():
        values = {"email": email[:LONGEST_EMAIL]}
        return page.render("recovery/ask.html", status=422, values=values, errors={"email": NOT_AN_EMAIL})
    if _seconds(page) == 0:
        await commands.ask(page, email)
        page.session.put(ASKED, {"email": email, "at": page.now.isoformat()})
    return page.redirect("/recover/sent")


def _seconds(page: MisPage) -> int:
    kept = page.session.data.get(ASKED)
    return seconds_left(datetime.fromisoformat(kept["at"]), page.now) if isinstance(kept, dict) else 0


@pages.add("GET /recover/sent", public=True)
async def sent(page: MisPage) -> Response:
    """The same for every address."""
    kept = page.session.data.get(ASKED)
    if not isinstance(kept, dict):
        return page.redirect("/recover")
    return page.render(
        "recovery/sent.html", email=kept["email"], seconds=_seconds(page), sender=page.services.mail_from
    )


@pages.add("GET /recover/{token}", public=True)
async def new_password(page: MisPage) -> Response:
    return await _new(page, {})


@pages.add("POST /recover/{token}", public=True)
async def renew(page: MisPage) -> Response:
    token = page.params["token"]
    user_id = await commands.user_of(page, token, lock=True)
    if user_id is None:
        return page.render("recovery/over.html", status=404)
    errors = await commands.renew(page, token, user_id, page.form.raw("new"), page.form.raw("again"))
    if errors:
        return await _new(page, errors)
    if page.visitor is not None:
        page.sign_out()
    page.flash(RENEWED)
    return page.redirect("/sign-in")


@pages.add("POST /recover/{token}/rules", public=True)
async def kept_rules(page: MisPage) -> Response:
    """The rules again, with marks for what was typed so far; only for whoever has the link."""
    user_id = await commands.user_of(page, page.params["token"])
    if user_id is None:
        return page.render("recovery/over.html", status=404)
    return page.render("passwords/rules.html", rules=await _rules(page, user_id))


async def _new(page: MisPage, errors: Mapping[str, str]) -> Response:
    user_id = await commands.user_of(page, page.params["token"])
    if user_id is None:
        return page.render("recovery/over.html", status=404)
    status = 422 if errors else 200
    return page.render("recovery/new.html", status=status, errors=errors, rules=await _rules(page, user_id))


async def _rules(page: MisPage, user_id: UUID) -> list[Rule]:
    secret = await password_store.secret(page.db, user_id)
    return rules(page.form.raw("new"), secret.own)


def works(services: Services) -> list[Periodic]:
    """Sending the links that were asked for."""
    return [Periodic("recovery", timedelta(seconds=1), lambda: commands.send_asked(services))]


section = Section("recovery", pages, works=works)
