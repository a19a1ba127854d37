"""The first page: the doctor, what waits at the pharmacy, what was sent, who looked."""

from starlette.responses import Response

from esoz.sdk import CentralError

from . import doctors, notices, prescriptions, readings
from .access import calling
from .lists import several
from .services import PhonePage, PhonePages

pages: PhonePages = PhonePages()

MOST_PRESCRIPTIONS = 3
MOST_NOTICES = 3
MOST_READINGS = 3


@pages.add("GET /", signed_in=True)
async def home(page: PhonePage) -> Response:
    """Each part stands alone: when central refuses one, the others are shown."""
    central = await calling(page)
    declaration, active, seen, sent = await several(
        doctors.current(central),
        prescriptions.listed(central, "ACTIVE"),
        readings.latest(central),
        notices.sent_to(page, central),
    )
    return page.render(
        "home.html",
        declaration=declaration,
        prescriptions=active if isinstance(active, CentralError) else active[:MOST_PRESCRIPTIONS],
        more=0 if isinstance(active, CentralError) else len(active) - MOST_PRESCRIPTIONS,
        readings=seen if isinstance(seen, CentralError) else seen[:MOST_READINGS],
        notices=sent if isinstance(sent, CentralError) else sent[:MOST_NOTICES],
        ways=notices.WAYS,
        status_words=prescriptions.STATUS_WORDS,
    )
