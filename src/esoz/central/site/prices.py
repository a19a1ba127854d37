"""What medicines cost: for everybody, and for whoever scans the note of a prescription."""

from starlette.responses import Response

from esoz.central import price_catalogue
from esoz.kernel.db import Paged
from esoz.kernel.pages import Pages

from .frame import CentralServices, Page, Visitor, working
from .lists import query_text

pages: Pages[CentralServices, Visitor] = Pages()


@pages.add("GET /prices", public=True)
async def catalogue(page: Page) -> Response:
    words = query_text(page, "name")
    async with working(page, "GET /prices") as work:
        found = await price_catalogue.catalogue(work, words, page.list_page())
    return page.render("prices/list.html", found=found, values=page.query, is_filtered=words is not None)


@pages.add("GET /prices/{id}", public=True)
async def prices(page: Page) -> Response:
    async with working(page, "GET /prices/{id}") as work:
        found = await price_catalogue.prices(work, page.id())
    # The three cheapest are known by all packages, so these are read whole; of one dosage they are some hundreds.
    wanted = page.list_page().within(len(found.packages))
    rows = found.packages[wanted.offset : wanted.offset + wanted.size]
    return page.render("prices/one.html", found=found, paged=Paged(rows, wanted, len(found.packages)), best=found.best)
