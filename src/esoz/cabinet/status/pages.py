"""The status page, for people and for the page that gathers those of all systems."""

from starlette.responses import Response

from ..services import CabinetPage, CabinetPages

pages: CabinetPages = CabinetPages()


@pages.add("GET /status", public=True)
async def status(page: CabinetPage) -> Response:
    failing = page.services.supervisor.failing
    return page.render("status/status.html", seen=await page.services.watch.look(page.db), failing=failing)


@pages.add("GET /status.json", public=True)
async def status_for_programs(page: CabinetPage) -> Response:
    """Components and their states: `operational` or `unreachable`."""
    seen = await page.services.watch.look(page.db)
    central = "operational" if seen.central else "unreachable"
    tasks = "unreachable" if page.services.supervisor.failing else "operational"
    components = {"cabinet": "operational", "database": "operational", "tasks": tasks, "central": central}
    return page.json({"at": seen.at, "components": components})
