"""The page that offers the file of all own data, and the file."""

import msgspec
from starlette.responses import Response

from ..access import calling
from ..journal import record
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import PARTS, Event, file_name, file_of

pages: CabinetPages = CabinetPages()


@pages.add("GET /own-data", signed_in=True)
async def offer(page: CabinetPage) -> Response:
    await record(page, Event.OFFERED)
    return page.render("own_data/own_data.html", texts=list(dict.fromkeys(part.text for part in PARTS)))


@pages.add("GET /own-data/file", signed_in=True)
async def file(page: CabinetPage) -> Response:
    found, cut = await queries.everything(await calling(page), page.now)
    await record(page, Event.TAKEN, page.user.person_id)
    content = msgspec.json.format(msgspec.json.encode(file_of(page.now, found, cut)), indent=2)
    return page.download(content, file_name(page.now), "application/json")
