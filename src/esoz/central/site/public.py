"""What everyone may see: what this system is."""

from starlette.responses import Response

from esoz.central import statistics
from esoz.kernel.pages import Pages

from . import information
from .frame import CentralServices, Page, Visitor

NEWS_SHOWN = 3

pages: Pages[CentralServices, Visitor] = Pages()


@pages.add("GET /", public=True)
async def home(page: Page) -> Response:
    news = await information.newest(page.db, "NEWS", NEWS_SHOWN)
    least = page.services.dependencies.settings.number("ESOZ_STATISTICS_LEAST")
    totals = await statistics.Teller(page.db, least, page.today).totals()
    return page.render("home.html", written=totals.numbers["written"], news=news)
