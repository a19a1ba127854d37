"""The page of pharmacies that have the medicine of a prescription."""

from starlette.responses import Response

from esoz.kernel.db import Page as ListPage
from esoz.kernel.db import Paged
from esoz.kernel.pages import mark as _
from esoz.sdk import CentralRefused

from .. import doctors
from ..access import CentralSession, calling
from ..journal import record
from ..prescriptions import without_dispenses
from ..services import CabinetPage, CabinetPages
from .model import Event, Offer

pages: CabinetPages = CabinetPages()

PAGE_SIZE = 10
NOWHERE = _("Населеного пункту з такою назвою тут немає. Введіть сусідній, більший.")


@pages.add("GET /prescriptions/{id}/pharmacies", signed_in=True)
async def listing(page: CabinetPage) -> Response:
    """Opened without a question it shows pharmacies around where the patient lives, else anywhere."""
    central = await calling(page)
    prescription = await without_dispenses(central, page.id())
    if not prescription.is_usable:
        return page.redirect(f"/prescriptions/{prescription.id}")
    home = (await doctors.me(page)).settlement_id
    asked = await doctors.place_asked(page, home, nowhere=NOWHERE)
    number = page.list_page(PAGE_SIZE)
    found = Paged([], number, 0) if asked.errors else await _offers(central, prescription.id, asked.centre, number)
    await record(page, Event.READ, prescription.id)
    return page.render(
        "offers/offers.html",
        status=422 if asked.errors else 200,
        keep=bool(asked.errors),
        prescription=prescription,
        asked=asked,
        found=found,
    )


async def _offers(
    central: CentralSession, request_id: str, centre: doctors.Centre | None, number: ListPage
) -> Paged | None:
    """One page of offers, the cheapest first; None when central tells of none at all."""
    try:
        answer = await central.get(
            f"/api/pis/medication_requests/{request_id}/offers",
            **_place(centre),
            page=number.number,
            page_size=number.size,
        )
    except CentralRefused as refused:
        if refused.status in (404, 405):  # a central that does not know what pharmacies have
            return None
        raise
    return Paged([Offer(each) for each in answer.rows()], number, answer.total)


def _place(centre: doctors.Centre | None) -> dict[str, object]:
    if centre is None:
        return {}
    if centre.is_on_the_map:
        return {"latitude": centre.latitude, "longitude": centre.longitude}
    return {"settlement_id": centre.settlement_id}
