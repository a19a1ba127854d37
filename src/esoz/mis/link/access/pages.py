"""Pages of the consent: asking for it, and coming back from central."""

from starlette.responses import Response

from esoz.kernel.clock import kyiv_date
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import short_date
from esoz.mis.base.journal import record
from esoz.mis.base.section import Notice, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.urls import with_next
from esoz.sdk import CentralRefused, CentralUnavailable

from . import store
from .commands import consents
from .model import CALLBACK, Event, access_ends, days_left

pages: MisPages = MisPages()

STALE = _("Відповідь ЕСОЗ не пов’язана з цим сеансом. Надайте доступ ще раз.")
DECLINED = _("Ви не надали доступу до ЕСОЗ. Без нього не можна працювати з медичними записами.")
NOT_TAKEN = _("ЕСОЗ не видала доступу. Спробуйте ще раз; якщо не вийде, зверніться до адміністратора закладу.")
AWAY = _("ЕСОЗ зараз не відповідає. Спробуйте за кілька хвилин.")
ENDS = _("Доступ до ЕСОЗ закінчується")
ADVICE = _("Він закінчиться {day}: тоді ЕСОЗ ще раз попросить Вашої згоди. Поновіть доступ, коли є хвилина.")
RENEW = _("Поновити зараз")
CONNECTED = _("Доступ до ЕСОЗ надано.")


@pages.add("GET /connect", signed_in=True)
async def connect(page: MisPage) -> Response:
    return page.render("access/connect.html", next=page.next_path())


@pages.add("GET /connect/start", signed_in=True)
async def start(page: MisPage) -> Response:
    if page.user.workplace is None:
        return page.redirect(with_next("/workplaces", page.next_path()))
    return page.redirect(await consents.ask(page, page.next_path()))


@pages.add(f"GET {CALLBACK}", signed_in=True)
async def callback(page: MisPage) -> Response:
    """Central sent the browser back: with a code, or with a refusal."""
    kept = consents.answered(page)
    if kept is None:
        return _again(page, STALE, "/")
    code = page.query.get("code", "")
    if not code:
        await record(page, Event.REFUSED, page.user.work.clinic_id)
        return _again(page, DECLINED, kept["next"])
    try:
        await consents.take(page, code, kept["verifier"])
    except CentralRefused:
        return _again(page, NOT_TAKEN, kept["next"])
    except CentralUnavailable:
        return _again(page, AWAY, kept["next"])
    page.flash(CONNECTED)
    return page.redirect(kept["next"])


def _again(page: MisPage, text: str, wanted: str) -> Response:
    page.flash(text, "important")
    return page.redirect(with_next("/connect", wanted))


async def notices(page: MisPage) -> list[Notice]:
    """The end of the access comes: the user has to consent again, and may do so now, when nobody waits."""
    place = page.user.workplace
    found = await store.ends(page.db, page.user.id, place.clinic_id) if place else None
    if found is None:
        return []
    ends_at = access_ends(*found)
    left = days_left(ends_at, page.now)
    if left is None:
        return []
    text = page.ngettext("Доступ діє ще %(num)d день", "Доступ діє ще %(num)d днів", left)
    advice = page.gettext(ADVICE).format(day=short_date(kyiv_date(ends_at)))
    return [Notice("access", page.gettext(ENDS), f"{text}. {advice}", page.gettext(RENEW), "/connect/start")]


section = Section("access", pages, notices=(notices,))
