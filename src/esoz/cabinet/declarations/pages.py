"""Pages of declarations."""

from starlette.responses import Response

from ..access import calling
from ..journal import record
from ..listing import cut
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import REASON_WORDS, STATUS_WORDS, Event

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10


@pages.add("GET /declarations", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    found = await queries.listed(await calling(page))
    await record(page, Event.LIST_READ)
    return page.render(
        "declarations/declarations.html", found=cut(found, page.list_page(PAGE_SIZE)), status_words=STATUS_WORDS
    )


@pages.add("GET /declarations/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    declaration = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, declaration.id)
    return page.render(
        "declarations/declaration.html", declaration=declaration, status_words=STATUS_WORDS, reason_words=REASON_WORDS
    )
