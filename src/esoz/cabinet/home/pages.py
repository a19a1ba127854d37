"""The first page after sign-in."""

from enum import StrEnum

from starlette.responses import Response

from .. import choice
from ..access import calling
from ..declarations import current
from ..journal import record
from ..listing import several
from ..prescriptions import active
from ..readings import readers_of_late
from ..services import CabinetPage, CabinetPages

pages: CabinetPages = CabinetPages()

MOST_PRESCRIPTIONS = 3
MOST_READERS = 5
FEW_DAYS = 3  # a prescription that ends so soon is something to do


class Event(StrEnum):
    READ = "home.read"


@pages.add("GET /", signed_in=True)
async def home(page: CabinetPage) -> Response:
    """Each part stands alone: when central refuses one, the others are shown."""
    central = await calling(page)
    prescriptions, late, declaration, requests = await several(
        active(central, most=MOST_PRESCRIPTIONS),
        readers_of_late(central, page.today),
        current(central),
        choice.listed(central),
    )
    await record(page, Event.READ)
    return page.render(
        "home/home.html",
        prescriptions=prescriptions,
        late=late,
        most_readers=MOST_READERS,
        declaration=declaration,
        waiting=[each for each in requests if each.is_open] if isinstance(requests, list) else [],
        few_days=FEW_DAYS,
    )
