"""The desk: what waits today, whom the user saw lately, and the search."""

from starlette.responses import Response

from .. import login, sync
from ..access import has_token
from ..patients import recent
from ..section import Section
from ..services import MisPage, MisPages
from ..sync import payment_deadline
from ..workplace import MEDICAL, SEARCHING

pages: MisPages = MisPages()


@pages.add("GET /", signed_in=True)
async def desk(page: MisPage) -> Response:
    if page.user.workplace is None:
        return page.redirect("/workplaces")
    home = _home(page)
    if home:
        return page.redirect(home)
    roles = page.user.roles
    standing = await sync.standing(page) if roles & MEDICAL else None
    previous = await login.previous(page.db, page.user.id) if page.session.pop("welcome") else None
    return page.render(
        "desk/desk.html",
        standing=standing,
        deadline=payment_deadline(standing) if standing else None,
        recent=await recent(page) if roles & SEARCHING else None,
        previous=previous,
        connected=await has_token(page),
    )


def _home(page: MisPage) -> str:
    """The home of a section for people who see nothing else."""
    shown = [
        section
        for section in page.services.sections
        if section.home and any(page.user.roles & set(item.roles) for item in section.nav)
    ]
    return shown[0].home if shown and not page.user.roles & SEARCHING else ""


section = Section("desk", pages)
