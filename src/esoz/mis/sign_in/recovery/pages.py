"""Pages of the way back in: asking for the link, and the new password."""

from datetime import datetime, timedelta

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.periodic import Periodic
from esoz.mis.base.section import Section
from esoz.mis.base.services import MisPage, MisPages, Services
from esoz.mis.sign_in.passwords import PasswordLink, add_link_pages

from . import commands, queries
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
        return page.refuse("recovery/ask.html", keep=False, values=values, errors={"email": NOT_AN_EMAIL})
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


add_link_pages(
    pages,
    PasswordLink("/recover", queries.user_of, commands.spend, "recovery/new.html", "recovery/over.html", RENEWED),
)


def works(services: Services) -> list[Periodic]:
    """Sending the links that were asked for."""
    return [Periodic("recovery", timedelta(seconds=1), lambda: commands.send_asked(services))]


section = Section("recovery", pages, works=works)
