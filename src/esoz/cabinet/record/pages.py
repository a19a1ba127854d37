"""Pages of the patient's own medical record."""

from starlette.responses import Response

from esoz.kernel.errors import NotFound

from ..access import calling
from ..journal import record
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import KIND_OF_PATH, KINDS, SHOWN_FIRST, Event, Words

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
SHOWN = 5  # of each part of the first page


@pages.add("GET /record", signed_in=True)
async def overview(page: CabinetPage) -> Response:
    kinds = [KIND_OF_PATH[path] for path in SHOWN_FIRST]
    visits, *found = await queries.first(await calling(page), kinds, _words(page), most=SHOWN)
    await record(page, Event.READ)
    others = [kind for kind in KINDS if kind not in kinds]
    return page.render("record/record.html", visits=visits, parts=list(zip(kinds, found, strict=True)), others=others)


@pages.add("GET /record/visits", signed_in=True)
async def visits(page: CabinetPage) -> Response:
    found = await queries.visits(await calling(page), page.list_page(PAGE_SIZE), _words(page))
    await record(page, Event.READ, queries.ENCOUNTERS)
    return page.render("record/visits.html", found=found)


@pages.add("GET /record/visits/{id}", signed_in=True)
async def visit(page: CabinetPage) -> Response:
    found, clinic, made = await queries.visit(await calling(page), page.id(), _words(page))
    await record(page, Event.READ, found.id)
    return page.render("record/visit.html", visit=found, clinic=clinic, made=made, kinds=KIND_OF_PATH)


@pages.add("GET /record/{kind}", signed_in=True)
async def lines(page: CabinetPage) -> Response:
    kind = KIND_OF_PATH.get(page.params["kind"])
    if kind is None:
        raise NotFound()
    found = await queries.lines(await calling(page), kind, page.list_page(PAGE_SIZE), _words(page))
    await record(page, Event.READ, kind.name)
    return page.render("record/lines.html", kind=kind, found=found)


def _words(page: CabinetPage) -> Words:
    filters = page.environment.filters
    return Words(
        page.services.dictionaries.describe,
        page.gettext,
        quantity=filters["quantity"],
        moment=filters["moment"],
        day=filters["long_date"],
    )
