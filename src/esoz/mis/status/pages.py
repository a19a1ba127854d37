"""The status page, for people and for the central one that gathers them."""

from starlette.responses import Response

from ..section import Section
from ..services import MisPage, MisPages
from .watch import Watch

pages: MisPages = MisPages()
watch = Watch()


@pages.add("GET /status", public=True)
async def status(page: MisPage) -> Response:
    seen = await watch.look(page.services, page.db)
    return page.render("status/status.html", seen=seen)


@pages.add("GET /status.json", public=True)
async def status_for_programs(page: MisPage) -> Response:
    """Components and their states: `operational` or `unreachable`."""
    seen = await watch.look(page.services, page.db)
    central = "operational" if seen.central else "unreachable"
    components = {"mis": "operational", "database": "operational", "central": central}
    return page.json({"at": seen.at, "components": components, "documents_waiting": seen.waiting})


section = Section("status", pages)
