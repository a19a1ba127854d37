"""Pages of care plans: the list, and one with what it plans."""

from uuid import UUID

from starlette.responses import Response

from ..access import calling
from ..journal import record
from ..listing import cut
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import STATUS_WORDS, Event

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10


@pages.add("GET /plans", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    asked = page.query.get("status", "")
    status = asked if asked in STATUS_WORDS else ""
    found = [each for each in await queries.listed(await calling(page)) if status in ("", each.status)]
    await record(page, Event.LIST_READ)
    options = [("", page.gettext("Усі"))] + [(each, page.gettext(said[0])) for each, said in STATUS_WORDS.items()]
    return page.render(
        "plans/plans.html",
        found=cut(found, page.list_page(PAGE_SIZE)),
        options=options,
        values={"status": status},
        status_words=STATUS_WORDS,
    )


@pages.add("GET /plans/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    plan = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, UUID(plan.id))
    return page.render("plans/plan.html", plan=plan, status_words=STATUS_WORDS[plan.status])
