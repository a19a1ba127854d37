"""The first page: the doctor, what waits at the pharmacy, what was sent, who looked."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.sdk import CentralError

from . import doctors, prescriptions, readings
from .access import calling
from .lists import several
from .services import DoorPage, DoorPages

pages: DoorPages = DoorPages()

MOST_PRESCRIPTIONS = 3
MOST_NOTICES = 3
MOST_READINGS = 3
WAYS: Mapping[str, str] = {"push": _("Дія"), "viber": "Viber", "sms": "SMS"}  # of messages


@pages.add("GET /", signed_in=True)
async def home(page: DoorPage) -> Response:
    """Each part stands alone: when central refuses one, the others are shown."""
    central = await calling(page)
    declaration, active, seen, sent = await several(
        doctors.current(central),
        prescriptions.listed(central, "ACTIVE"),
        readings.latest(central),
        _notices(page),
    )
    return page.render(
        "home.html",
        declaration=declaration,
        prescriptions=active if isinstance(active, CentralError) else active[:MOST_PRESCRIPTIONS],
        more=0 if isinstance(active, CentralError) else len(active) - MOST_PRESCRIPTIONS,
        readings=seen if isinstance(seen, CentralError) else seen[:MOST_READINGS],
        notices=sent if sent is None or isinstance(sent, CentralError) else sent[:MOST_NOTICES],
        ways=WAYS,
        status_words=prescriptions.STATUS_WORDS,
    )


async def _notices(page: DoorPage) -> Sequence[object] | None:
    """None where the door does not show them."""
    return None if page.services.notices is None else await page.services.notices(page)
