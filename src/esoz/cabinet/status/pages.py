"""The status page, for people and for the page that gathers those of all systems."""

from starlette.responses import Response

from ..services import CabinetPage, CabinetPages

pages: CabinetPages = CabinetPages()


@pages.add("GET /status", public=True)
async def status(page: CabinetPage) -> Response:
    return page.render("status/status.html", seen=await page.services.watch.look(page.db))


@pages.add("GET /status.json", public=True)
async def status_for_programs(page: CabinetPage) -> Response:
    """Components and their states: `operational` or `unreachable`."""
    seen = await page.services.watch.look(page.db)
    central = "operational" if seen.central else "unreachable"
    components = {"cabinet": "operational", "database": "operational", "central": central}
    return page.json({"at": seen.at, "components": components})
