"""Pages of prescriptions."""

import io

import segno
from starlette.responses import Response

from ..access import calling
from ..journal import record
from ..listing import cut
from ..services import CabinetPage, CabinetPages
from . import queries
from .model import DISPENSE_WORDS, FILTERS, STATUS_WORDS, Event, Status

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10


@pages.add("GET /prescriptions", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    asked = page.query.get("status", "")
    status = asked if asked in FILTERS else ""
    found = await queries.listed(await calling(page), status or None)
    await record(page, Event.LIST_READ)
    options = [("", page.gettext("Усі"))] + [(each, page.gettext(STATUS_WORDS[each][0])) for each in FILTERS]
    return page.render(
        "prescriptions/prescriptions.html",
        found=cut(found, page.list_page(PAGE_SIZE)),
        options=options,
        values={"status": status},
        status_words=STATUS_WORDS,
    )


@pages.add("GET /prescriptions/{id}", signed_in=True)
async def one(page: CabinetPage) -> Response:
    prescription, dispenses = await queries.one(await calling(page), page.id())
    await record(page, Event.READ, prescription.id)
    return page.render(
        "prescriptions/prescription.html",
        prescription=prescription,
        dispenses=dispenses,
        status_words=STATUS_WORDS,
        dispense_words=DISPENSE_WORDS,
        is_open=prescription.status is Status.ACTIVE,
    )


@pages.add("GET /prescriptions/{id}/qr.svg", signed_in=True)
async def qr(page: CabinetPage) -> Response:
    """The number for the pharmacist's scanner; the code is told by word, when the medicine is there."""
    prescription = await queries.without_dispenses(await calling(page), page.id())
    await record(page, Event.QR_SHOWN, prescription.id)
    image = io.BytesIO()
    code = segno.make(prescription.number, error="m", micro=False)
    code.save(image, kind="svg", scale=6, border=4, light="#fff")
    return Response(image.getvalue(), media_type="image/svg+xml")
