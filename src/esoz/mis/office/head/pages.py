"""The page of the head of a pharmacy."""

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.section import NavItem, Section
from esoz.mis.base.services import MisPage, MisPages

from . import queries
from .model import Event

pages: MisPages = MisPages()

HOME = "/head"
READERS = frozenset({"PHARMACY_OWNER"})


@pages.add(f"GET {HOME}", roles=READERS)
async def desk(page: MisPage) -> Response:
    found = await queries.desk(page)
    await record(page, Event.READ, page.user.work.clinic_id)
    return page.render("head/desk.html", found=found)


section = Section("head", pages, nav=(NavItem(_("Огляд аптеки"), HOME, READERS),))
