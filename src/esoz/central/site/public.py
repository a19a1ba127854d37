"""What everyone may see: what this system is, and how many prescriptions were written and redeemed."""

from starlette.responses import Response

from esoz.central import statistics
from esoz.kernel.pages import Pages

from . import information
from .frame import CentralServices, Page, Visitor

DAYS_SHOWN = 30
NEWS_SHOWN = 3

pages: Pages[CentralServices, Visitor] = Pages()


@pages.add("GET /", public=True)
async def home(page: Page) -> Response:
    news = await information.newest(page.db, "NEWS", NEWS_SHOWN)
    return page.render("home.html", totals=await statistics.totals(page.db), news=news)


@pages.add("GET /statistics", public=True)
async def numbers(page: Page) -> Response:
    totals = await statistics.totals(page.db)
    days = await statistics.by_day(page.db, DAYS_SHOWN, page.today)
    return page.render("statistics.html", totals=totals, days=days)
