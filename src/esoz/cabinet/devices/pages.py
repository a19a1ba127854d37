"""Pages of devices on prescription: the list, and one with number and code."""

from uuid import UUID

from starlette.responses import Response

from ..access import calling
from ..journal import record
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import STATUS_WORDS, Event, Status

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10


@pages.add("GET /devices", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    found = await queries.listed(await calling(page), page.list_page(PAGE_SIZE))
    await record(page, Event.LIST_READ)
    return page.render("devices/devices.html", found=found, status_words=STATUS_WORDS)


@pages.add("GET /devices/{id}", signed_in=True)
async def details(page: CabinetPage) -> Response:
    device = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, UUID(device.id))
    status = device.status_on(page.today)
    return page.render(
        "devices/device.html", device=device, status_words=STATUS_WORDS[status], is_usable=status is Status.ACTIVE
    )
