"""Operations of prices: what a pharmacy has, and where a patient finds it."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import OfferFilter

operations = Operations()


@operations.add(
    "esoz_pharmacy_assortment",
    "PUT /api/pharmacy/divisions/{id}/assortment",
    scope="medication_dispense:write",
)
async def tell_assortment(call: Call) -> Reply:
    packages = call.body(wire.AssortmentBody).packages
    return Reply(wire.assortment(await commands.tell_assortment(call.work, call.id("id"), packages)))


@operations.add(
    "get_api_persons_ID_medication_requests_ID_price_catalog_link",
    "GET /api/persons/{person_id}/medication_requests/{id}/price_catalog_link",
    scope="medication_request:details",
    patient="person_id",
)
async def price_link(call: Call) -> Reply:
    id, address = await queries.price_link(call.work, call.id("person_id"), call.id("id"))
    return Reply({"id": id, "price_catalog_link": address})


@operations.add(
    "esoz_pharmacy_prices", "GET /api/pharmacy/innm_dosages/{id}/prices", scope="medication_request:details_pharm"
)
async def prices_for_pharmacies(call: Call) -> Reply:
    return Reply(wire.prices(await queries.prices(call.work, call.id("id"))))


@operations.add("esoz_own_offers", "GET /api/pis/medication_requests/{id}/offers", scope="person:read")
async def offers(call: Call) -> Reply:
    wanted, page = call.query(OfferFilter), call.page()
    paged = await queries.offers(call.work, call.id("id"), wanted, page)
    return Reply([wire.offer(each) for each in paged.rows], paging=Paging.of(paged))
