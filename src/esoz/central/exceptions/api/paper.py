"""Prescriptions on paper: recorded, handed over by, taken back."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import wire
from ..commands import paper as commands
from ..commands import paper_dispenses
from ..model.paper import PaperDetails, PaperDispenseFilter, PaperFilter
from ..queries import paper as queries
from .registry import operations

PATH = "/api/pharmacy/paper_prescriptions"
DISPENSES = "/api/pharmacy/paper_dispenses"


@operations.add("esoz_paper_prescription_create", f"POST {PATH}", scope="medication_dispense:write")
async def create(call: Call) -> Reply:
    made = await commands.create(call.work, call.body(PaperDetails))
    return Reply(wire.paper_prescription(made), status=201)


@operations.add("esoz_paper_prescriptions", f"GET {PATH}", scope="medication_dispense:read_pharm")
async def journal(call: Call) -> Reply:
    wanted = call.query(PaperFilter)
    found, paged = await queries.journal(call.work, wanted, call.page())
    return Reply([wire.paper_short(each, call.work.today) for each in found], paging=Paging.of(paged))


@operations.add("esoz_paper_prescription", f"GET {PATH}/{{id}}", scope="medication_dispense:read_pharm")
async def one(call: Call) -> Reply:
    return Reply(wire.paper_prescription(await queries.one(call.work, call.id("id"))))


@operations.add(
    "esoz_paper_prescription_cancel", f"PATCH {PATH}/{{id}}/actions/cancel", scope="medication_dispense:reject"
)
async def cancel(call: Call) -> Reply:
    reason = call.body(wire.CancelBody).error_reason
    return Reply(wire.paper_prescription(await commands.cancel(call.work, call.id("id"), reason)))


@operations.add("esoz_paper_dispense_create", f"POST {DISPENSES}", scope="medication_dispense:write")
async def dispense(call: Call) -> Reply:
    document = call.body(wire.SignedPaperDispense).signed_paper_dispense
    return Reply(wire.paper_prescription(await paper_dispenses.create(call.work, document)), status=201)


@operations.add("esoz_paper_dispenses", f"GET {DISPENSES}", scope="medication_dispense:read_pharm")
async def dispenses(call: Call) -> Reply:
    found, paged = await queries.dispenses(call.work, call.query(PaperDispenseFilter), call.page())
    return Reply([wire.given_by_paper(each) for each in found], paging=Paging.of(paged))


@operations.add(
    "esoz_paper_dispense_cancel", f"PATCH {DISPENSES}/{{id}}/actions/cancel", scope="medication_dispense:reject"
)
async def cancel_dispense(call: Call) -> Reply:
    reason = call.body(wire.CancelBody).error_reason
    return Reply(wire.paper_prescription(await paper_dispenses.cancel(call.work, call.id("id"), reason)))
