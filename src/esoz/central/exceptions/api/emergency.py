"""The journal of medicines handed over without a prescription in territories of war."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import wire
from ..commands import emergency as commands
from ..model.emergency import EmergencyFilter
from ..queries import emergency as queries
from .registry import operations

PATH = "/api/pharmacy/emergency_dispenses"


@operations.add("esoz_emergency_dispense_create", f"POST {PATH}", scope="medication_dispense:write")
async def create(call: Call) -> Reply:
    document = call.body(wire.SignedEmergencyDispense).signed_emergency_dispense
    return Reply(wire.emergency_dispense(await commands.create(call.work, document)), status=201)


@operations.add("esoz_emergency_dispenses", f"GET {PATH}", scope="medication_dispense:read_pharm")
async def journal(call: Call) -> Reply:
    wanted = call.query(EmergencyFilter)
    found, paged = await queries.journal(call.work, wanted, call.page())
    return Reply([wire.emergency_dispense(each) for each in found], paging=Paging.of(paged))


@operations.add("esoz_emergency_dispense", f"GET {PATH}/{{id}}", scope="medication_dispense:read_pharm")
async def one(call: Call) -> Reply:
    return Reply(wire.emergency_dispense(await queries.one(call.work, call.id("id"))))


@operations.add(
    "esoz_emergency_dispense_cancel", f"PATCH {PATH}/{{id}}/actions/cancel", scope="medication_dispense:reject"
)
async def cancel(call: Call) -> Reply:
    reason = call.body(wire.CancelBody).error_reason
    return Reply(wire.emergency_dispense(await commands.cancel(call.work, call.id("id"), reason)))
