"""Prescriptions: for clinics and for pharmacies."""

from esoz.kernel.operation import Call, Paging, Reply

from ..commands import requests as commands
from ..content import requests as content
from ..model.filters import NumberFilter, RequestFilter
from ..model.requests import Block
from ..queries import pharmacies, prescriptions
from ..wire import requests as wire
from ..wire.printout import printout
from ..wire.qualification import qualified
from .registry import operations


@operations.add("API-005-043-0003", "GET /api/persons/{person_id}/medication_requests", scope="medication_request:read")
async def list_of_person(call: Call) -> Reply:
    query = call.query(RequestFilter)
    found, paged = await prescriptions.list_requests(call.work, call.id("person_id"), call.page(), query)
    return Reply([content.shown_request(request, status) for request, status in found], paging=Paging.of(paged))


@operations.add(
    "API-005-043-0005", "GET /api/persons/{person_id}/medication_requests/{id}", scope="medication_request:details"
)
async def find(call: Call) -> Reply:
    view = await prescriptions.find_request(call.work, call.id("person_id"), call.id("id"))
    return Reply(wire.with_remaining(content.shown_request(view.request, view.status), view.remaining))


@operations.add(
    "API-005-043-0008",
    "GET /api/persons/{person_id}/medication_requests/{id}/printout_form",
    scope="medication_request:details",
)
async def print_form(call: Call) -> Reply:
    request, code = await prescriptions.printout_of(call.work, call.id("person_id"), call.id("id"))
    return Reply({"id": request.id, "printout_form": printout(request, code)})


@operations.add(
    "API-005-043-0006", "PATCH /api/medication_requests/{id}/actions/reject", scope="medication_request:reject"
)
async def reject(call: Call) -> Reply:
    document = call.body(wire.SignedReject).signed_medication_reject
    request = await commands.reject(call.work, call.id("id"), document)
    return Reply(content.shown_request(request, request.status))


@operations.add(
    "API-005-043-0007", "PATCH /api/medication_requests/{id}/actions/resend", scope="medication_request:resend"
)
async def resend(call: Call) -> Reply:
    request = await commands.resend(call.work, call.id("id"))
    return Reply(content.shown_request(request, request.status))


@operations.add(
    "API-005-043-0011", "PATCH /api/medication_requests/{id}/actions/block", scope="medication_request:block"
)
async def block(call: Call) -> Reply:
    request = await commands.block(call.work, call.id("id"), call.body(Block), by_pharmacy=False)
    return Reply(content.shown_request(request, request.status))


@operations.add(
    "API-005-043-0012", "PATCH /api/medication_requests/{id}/actions/unblock", scope="medication_request:unblock"
)
async def unblock(call: Call) -> Reply:
    reason = call.body(wire.Unblock).block_reason_code
    request = await commands.unblock(call.work, call.id("id"), reason, by_pharmacy=False)
    return Reply(content.shown_request(request, request.status))


@operations.add("API-005-043-0002", "POST /api/medication_requests/{id}/actions/qualify", scope="")
async def qualify(call: Call) -> Reply:
    body = call.body(wire.Qualification)
    programme_ids = [programme.id for programme in body.programs]
    found = await pharmacies.qualify(call.work, call.id("id"), body.division_id, programme_ids)
    return Reply([qualified(each.programme, each.reason, each.participants) for each in found])


@operations.add(
    "get_api_pharmacy_medication_requests",
    "GET /api/pharmacy/medication_requests",
    scope="medication_request:read_pharm",
)
async def search_for_pharmacy(call: Call) -> Reply:
    found = await pharmacies.search_for_pharmacy(call.work, call.query(NumberFilter).request_number)
    shown = [(content.for_pharmacy(view.request, view.status), view.remaining) for view in found]
    return Reply([wire.with_remaining(each, remaining) for each, remaining in shown])


@operations.add(
    "API-005-043-0009", "GET /api/pharmacy/medication_requests/{id}", scope="medication_request:details_pharm"
)
async def find_for_pharmacy(call: Call) -> Reply:
    view = await pharmacies.find_for_pharmacy(call.work, call.text("id"))
    return Reply(wire.with_remaining(content.for_pharmacy(view.request, view.status), view.remaining))


@operations.add(
    "API-005-043-0015",
    "PATCH /api/pharmacy/medication_requests/{id}/actions/reject",
    scope="medication_request:reject_pharm",
)
async def reject_by_pharmacy(call: Call) -> Reply:
    document = call.body(wire.SignedReject).signed_medication_reject
    request = await commands.reject_by_pharmacy(call.work, call.id("id"), document)
    return Reply(content.for_pharmacy(request, request.status))


@operations.add(
    "API-005-043-0013",
    "PATCH /api/pharmacy/medication_requests/{id}/actions/block",
    scope="medication_request:block_pharm",
)
async def block_by_pharmacy(call: Call) -> Reply:
    request = await commands.block(call.work, call.id("id"), call.body(Block), by_pharmacy=True)
    return Reply(content.for_pharmacy(request, request.status))


@operations.add(
    "API-005-043-0016",
    "PATCH /api/pharmacy/medication_requests/{id}/actions/unblock",
    scope="medication_request:unblock_pharm",
)
async def unblock_by_pharmacy(call: Call) -> Reply:
    reason = call.body(wire.Unblock).block_reason_code
    request = await commands.unblock(call.work, call.id("id"), reason, by_pharmacy=True)
    return Reply(content.for_pharmacy(request, request.status))
