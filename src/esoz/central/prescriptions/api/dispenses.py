"""Dispenses: for pharmacies, and what clinics see of them."""

from esoz.kernel.operation import Call, Paging, Reply

from ..commands import dispenses as commands
from ..commands import returns
from ..content.dispenses import for_pharmacies
from ..model import Request
from ..model.dispenses import Dispense
from ..model.filters import CountFilter, DispenseFilter
from ..queries import pharmacies, prescriptions
from ..wire import dispenses as wire
from .registry import operations


@operations.add(
    "API-005-043-0001",
    "GET /api/persons/{person_id}/medication_requests/{id}/medication_dispenses",
    scope="medication_request:details",
)
async def list_of_request(call: Call) -> Reply:
    status = call.query(wire.StatusQuery).status
    found, paged = await prescriptions.list_dispenses(
        call.work, call.id("person_id"), call.id("id"), call.page(), status
    )
    return Reply([wire.for_clinics(*each) for each in found], paging=Paging.of(paged))


@operations.add(
    "API-005-042-0001", "GET /api/persons/{person_id}/medication_dispenses/{id}", scope="medication_dispense:read"
)
async def find_of_person(call: Call) -> Reply:
    return Reply(wire.for_clinics(*await prescriptions.find_dispense(call.work, call.id("person_id"), call.id("id"))))


@operations.add("API-005-042-0002", "POST /api/pharmacy/medication_dispenses", scope="medication_dispense:write")
async def create(call: Call) -> Reply:
    body = call.body(wire.NewDispense)
    code = wire.told_code(call.query(wire.CodeQuery), body)
    made = await commands.create(call.work, wire.handover(body.medication_dispense), code)
    return Reply(_answer(call, *made), status=201)


@operations.add(
    "API-005-042-0003",
    "PATCH /api/pharmacy/medication_dispenses/{id}/actions/process",
    scope="medication_dispense:process",
)
async def process(call: Call) -> Reply:
    document = call.body(wire.SignedDispense).signed_medication_dispense
    return Reply(_answer(call, *await commands.process(call.work, call.id("id"), document)))


@operations.add(
    "API-005-042-0004",
    "PATCH /api/pharmacy/medication_dispenses/{id}/actions/reject",
    scope="medication_dispense:reject",
)
async def reject(call: Call) -> Reply:
    return Reply(_answer(call, *await commands.reject(call.work, call.id("id"))))


@operations.add(
    "esoz_take_back_dispense",
    "PATCH /api/pharmacy/medication_dispenses/{id}/actions/take_back",
    scope="medication_dispense:process",
)
async def take_back(call: Call) -> Reply:
    document = call.body(wire.SignedReturn).signed_medication_dispense_return
    return Reply(_answer(call, *await returns.take_back(call.work, call.id("id"), document)))


@operations.add("API-005-042-0005", "GET /api/pharmacy/medication_dispenses", scope="medication_dispense:read_pharm")
async def list_of_pharmacy(call: Call) -> Reply:
    wanted, page = call.query(DispenseFilter), call.page()
    found, paged = await pharmacies.list_dispenses(call.work, page, wanted)
    return Reply([for_pharmacies(*each) for each in found], paging=Paging.of(paged))


@operations.add(
    "esoz_count_dispenses", "GET /api/pharmacy/medication_dispense_counts", scope="medication_dispense:read_pharm"
)
async def count_of_pharmacy(call: Call) -> Reply:
    return Reply(wire.counts(await pharmacies.count_dispenses(call.work, call.query(CountFilter))))


@operations.add(
    "API-005-042-0006", "GET /api/pharmacy/medication_dispenses/{id}", scope="medication_dispense:read_pharm"
)
async def find_of_pharmacy(call: Call) -> Reply:
    return Reply(for_pharmacies(*await pharmacies.find_dispense(call.work, call.id("id"))))


def _answer(call: Call, dispense: Dispense, request: Request) -> dict[str, object]:
    return for_pharmacies(*prescriptions.dispense_view(call.work, dispense, request))
