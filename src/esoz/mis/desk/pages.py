"""The desk: what waits today, whom the user saw lately, and the search."""

from starlette.responses import Response

from esoz.kernel.clock import KYIV
from esoz.kernel.pages import mark as _
from esoz.mis.base.section import Notice, Section
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL, SEARCHING
from esoz.mis.care.patients import recent
from esoz.mis.documents import sync
from esoz.mis.documents.sync import payment_deadline
from esoz.mis.link.access import has_token
from esoz.mis.sign_in import login

pages: MisPages = MisPages()

LAST = _("Попередній вхід: {time}.")
FAILED = _("Невдалих спроб увійти після нього: {number}. Якщо це були не Ви, повідомте керівника: «Мої входи».")


@pages.add("GET /", signed_in=True, reads=True)
async def desk(page: MisPage) -> Response:
    if page.user.workplace is None:
        return page.redirect("/workplaces")
    previous = await login.previous(page.db, page.user.id) if page.session.pop("welcome") else None
    home = _home(page)
    if home:
        _tell(page, previous)
        for notice in await _notices(page) if previous else []:
            page.flash(f"{notice.title}. {notice.text}", "important")
        return page.redirect(home)
    roles = page.user.roles
    counts = await sync.counts(page) if roles & MEDICAL else None
    return page.render(
        "desk/desk.html",
        counts=counts,
        to_sign=counts.to_sign if counts else 0,
        deadline=payment_deadline(counts) if counts else None,
        recent=await recent(page) if roles & SEARCHING else None,
        previous=previous,
        notices=await _notices(page),
        connected=await has_token(page),
    )


async def _notices(page: MisPage) -> list[Notice]:
    found: list[Notice] = []
    for section in page.services.sections:
        for noticing in section.notices:
            found += await noticing(page)
    return found


def _tell(page: MisPage, previous: login.Previous | None) -> None:
    """The sign-in before this one and what failed since, for people whose first page is another one."""
    if previous is None:
        return
    if previous.last:
        text = page.gettext(LAST).format(time=f"{previous.last.at.astimezone(KYIV):%d.%m.%Y, %H:%M}")
        page.flash(text, "important" if previous.failed else "success")
    if previous.failed:
        page.flash(page.gettext(FAILED).format(number=len(previous.failed)), "important")


def _home(page: MisPage) -> str:
    """The home of a section for people who see nothing else."""
    shown = [
        section
        for section in page.services.sections
        if section.home and any(page.user.roles & set(item.roles) for item in section.nav)
    ]
    return shown[0].home if shown and not page.user.roles & SEARCHING else ""


section = Section("desk", pages)
