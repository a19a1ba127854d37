"""Requests of the clinic: what waits for patients and doctors, what patients sent from their cabinets, what is over."""

from collections.abc import Mapping
from uuid import UUID

from starlette.responses import Response

from esoz.kernel.db import Page as ListPage
from esoz.kernel.db import Paged
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling

from .. import queries
from ..model import REQUEST_STATUSES, Request
from .registry import READING, SEEING, SIGNING, pages

HOME = "/declarations/requests"
CHANNELS: Mapping[str, str] = {"MIS": _("У закладі"), "PIS": _("З кабінету пацієнта")}


@pages.add(f"GET {HOME}", roles=SEEING)
async def queue(page: MisPage) -> Response:
    """What is open, unless another status is asked for; a doctor's own first of all."""
    central = await calling(page)
    doctors = await queries.doctors(page, central)
    values = _asked(page, {str(each.employee_id) for each in doctors})
    found = await _found(page, central, values)
    return page.render(
        "declarations/queue.html",
        found=found,
        patients=await queries.named(page, central, found.rows),
        doctors={each.employee_id: each for each in doctors},
        values=values,
        statuses=REQUEST_STATUSES,
        channels=CHANNELS,
        may_read=bool(page.user.roles & READING),
    )


def _asked(page: MisPage, doctors: set[str]) -> dict[str, str]:
    """The filters of the address: a doctor is shown their own requests unless they ask for others'."""
    status, channel = page.query.get("status", ""), page.query.get("channel", "")
    own = next((str(each) for each in page.user.employees if str(each) in doctors), "")
    usual = own if page.user.roles & SIGNING else ""
    doctor = page.query.get("doctor", usual)
    return {
        "status": status if status in REQUEST_STATUSES else "",
        "channel": channel if channel in CHANNELS else "",
        "doctor": doctor if doctor in doctors else "",
    }


async def _found(page: MisPage, central: CentralSession, values: Mapping[str, str]) -> Paged:
    here = page.list_page(queries.PAGE_SIZE)
    filters = {
        "channel": values["channel"] or None,
        "employee_id": UUID(values["doctor"]) if values["doctor"] else None,
    }
    if values["status"]:
        return await queries.requests(page, central, here, status=values["status"], **filters)
    return _part(await queries.open_requests(page, central, **filters), here)


def _part(rows: list[Request], here: ListPage) -> Paged:
    """A page of a list that is here whole; the last one for a page behind it."""
    last = max(1, -(-len(rows) // here.size))
    here = ListPage(min(here.number, last), here.size)
    return Paged(rows[here.offset : here.offset + here.size], here, len(rows))
