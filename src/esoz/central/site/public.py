"""What everyone may see: what this system is, and how many prescriptions were written and redeemed."""

from starlette.responses import Response

from esoz.central import statistics
from esoz.kernel.pages import Pages

from .frame import CentralServices, Page, Visitor

DAYS_SHOWN = 30

pages: Pages[CentralServices, Visitor] = Pages()


@pages.add("GET /", public=True)
async def home(page: Page) -> Response:
    return page.render("home.html", totals=await statistics.totals(page.db))


@pages.add("GET /statistics", public=True)
async def numbers(page: Page) -> Response:
    totals = await statistics.totals(page.db)
    days = await statistics.by_day(page.db, DAYS_SHOWN, page.today)
    return page.render("statistics.html", totals=totals, days=days)
