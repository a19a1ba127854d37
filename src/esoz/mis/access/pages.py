"""Pages of the consent: asking for it, and coming back from central."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused, CentralUnavailable

from ..journal import record
from ..section import Section
from ..services import MisPage, MisPages
from . import commands
from .model import CALLBACK, Event, with_next

pages: MisPages = MisPages()

STALE = _("Відповідь ЕСОЗ не пов’язана з цим сеансом. Надайте доступ ще раз.")
DECLINED = _("Ви не надали доступу до ЕСОЗ. Без нього не можна працювати з медичними записами.")
NOT_TAKEN = _("ЕСОЗ не видала доступу. Спробуйте ще раз; якщо не вийде, зверніться до адміністратора закладу.")
AWAY = _("ЕСОЗ зараз не відповідає. Спробуйте за кілька хвилин.")
CONNECTED = _("Доступ до ЕСОЗ надано.")


@pages.add("GET /connect", signed_in=True)
async def connect(page: MisPage) -> Response:
    return page.render("access/connect.html", next=page.next_path())


@pages.add("GET /connect/start", signed_in=True)
async def start(page: MisPage) -> Response:
    if page.user.workplace is None:
        return page.redirect(with_next("/workplaces", page.next_path()))
    return page.redirect(await commands.ask(page, page.next_path()))


@pages.add(f"GET {CALLBACK}", signed_in=True)
async def callback(page: MisPage) -> Response:
    """Central sent the browser back: with a code, or with a refusal."""
    kept = commands.answered(page)
    if kept is None:
        return _again(page, STALE, "/")
    code = page.query.get("code", "")
    if not code:
        await record(page, Event.REFUSED, page.user.work.clinic_id)
        return _again(page, DECLINED, kept["next"])
    try:
        await commands.take(page, code)
    except CentralRefused:
        return _again(page, NOT_TAKEN, kept["next"])
    except CentralUnavailable:
        return _again(page, AWAY, kept["next"])
    page.flash(CONNECTED)
    return page.redirect(kept["next"])


def _again(page: MisPage, text: str, wanted: str) -> Response:
    page.flash(text, "important")
    return page.redirect(with_next("/connect", wanted))


section = Section("access", pages)
