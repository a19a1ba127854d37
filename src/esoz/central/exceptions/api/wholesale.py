"""Wholesale supply without a prescription: requests recorded, supplied by, taken back."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import wire
from ..commands import wholesale as commands
from ..commands import wholesale_supplies
from ..model.wholesale import SupplyFilter, WholesaleDetails, WholesaleFilter
from ..queries import wholesale as queries
from .registry import operations

PATH = "/api/pharmacy/wholesale_requests"
SUPPLIES = "/api/pharmacy/wholesale_supplies"


@operations.add("esoz_wholesale_request_create", f"POST {PATH}", scope="medication_dispense:write")
async def create(call: Call) -> Reply:
    made = await commands.create(call.work, call.body(WholesaleDetails))
    return Reply(wire.wholesale_request(made), status=201)


@operations.add("esoz_wholesale_requests", f"GET {PATH}", scope="medication_dispense:read_pharm")
async def journal(call: Call) -> Reply:
    found, paged = await queries.journal(call.work, call.query(WholesaleFilter), call.page())
    return Reply([wire.wholesale_short(each) for each in found], paging=Paging.of(paged))


@operations.add("esoz_wholesale_request", f"GET {PATH}/{{id}}", scope="medication_dispense:read_pharm")
async def one(call: Call) -> Reply:
    return Reply(wire.wholesale_request(await queries.one(call.work, call.id("id"))))


@operations.add(
    "esoz_wholesale_request_cancel", f"PATCH {PATH}/{{id}}/actions/cancel", scope="medication_dispense:reject"
)
async def cancel(call: Call) -> Reply:
    reason = call.body(wire.CancelBody).error_reason
    return Reply(wire.wholesale_request(await commands.cancel(call.work, call.id("id"), reason)))


@operations.add("esoz_wholesale_supply_create", f"POST {SUPPLIES}", scope="medication_dispense:write")
async def supply(call: Call) -> Reply:
    document = call.body(wire.SignedWholesaleSupply).signed_wholesale_supply
    return Reply(wire.wholesale_request(await wholesale_supplies.create(call.work, document)), status=201)


@operations.add("esoz_wholesale_supplies", f"GET {SUPPLIES}", scope="medication_dispense:read_pharm")
async def supplies(call: Call) -> Reply:
    found, paged = await queries.supplies(call.work, call.query(SupplyFilter), call.page())
    return Reply([wire.wholesale_supplied(each) for each in found], paging=Paging.of(paged))


@operations.add(
    "esoz_wholesale_supply_cancel", f"PATCH {SUPPLIES}/{{id}}/actions/cancel", scope="medication_dispense:reject"
)
async def cancel_supply(call: Call) -> Reply:
    reason = call.body(wire.CancelBody).error_reason
    return Reply(wire.wholesale_request(await wholesale_supplies.cancel(call.work, call.id("id"), reason)))
