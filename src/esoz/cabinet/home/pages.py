"""The first page after sign-in."""

from enum import StrEnum

from starlette.responses import Response

from ..access import calling
from ..declarations import current
from ..journal import record
from ..listing import several
from ..prescriptions import active
from ..readings import visits_of_others
from ..services import CabinetPage, CabinetPages

pages: CabinetPages = CabinetPages()

MOST_PRESCRIPTIONS = 3
MOST_READINGS = 3


class Event(StrEnum):
    READ = "home.read"


@pages.add("GET /", signed_in=True)
async def home(page: CabinetPage) -> Response:
    """Each part stands alone: when central refuses one, the others are shown."""
    central = await calling(page)
    prescriptions, readings, declaration = await several(
        active(central, most=MOST_PRESCRIPTIONS), visits_of_others(central, MOST_READINGS), current(central)
    )
    await record(page, Event.READ)
    return page.render("home/home.html", prescriptions=prescriptions, readings=readings, declaration=declaration)
