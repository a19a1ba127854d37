"""What patients read of themselves (legacy cabinet)."""

from esoz.central.notices import shown_notice
from esoz.kernel.operation import Call, Paging, Reply

from ..content.requests import shown_request
from ..model.filters import DispenseFilter, OwnRequestFilter
from ..queries import cabinet as queries
from ..wire import dispenses
from .registry import operations


@operations.add("get_api_cabinet_medication_requests", "GET /api/cabinet/medication_requests", scope="")
async def list_requests(call: Call) -> Reply:
    wanted, page = call.query(OwnRequestFilter), call.page()
    found, paged = await queries.list_requests(call.work, page, wanted)
    return Reply([shown_request(request, status) for request, status in found], paging=Paging.of(paged))


@operations.add("get_api_cabinet_medication_requests_ID", "GET /api/cabinet/medication_requests/{id}", scope="")
async def find_request(call: Call) -> Reply:
    request, status, code = await queries.find_request(call.work, call.id("id"))
    return Reply({**shown_request(request, status), "verification_code": code})


@operations.add("esoz_own_prescription_notices", "GET /api/pis/medication_requests/{id}/notices", scope="person:read")
async def list_notices(call: Call) -> Reply:
    paged = await queries.notices_of(call.work, call.id("id"), call.page())
    return Reply([shown_notice(each) for each in paged.rows], paging=Paging.of(paged))


@operations.add("get_api_cabinet_medication_dispenses", "GET /api/cabinet/medication_dispenses", scope="")
async def list_dispenses(call: Call) -> Reply:
    wanted, page = call.query(DispenseFilter), call.page()
    found, paged = await queries.list_dispenses(call.work, page, wanted)
    return Reply([dispenses.for_patients(*each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-008-001-0133", "GET /api/cabinet/medication_dispenses/{id}", scope="medication_dispense:read")
async def find_dispense(call: Call) -> Reply:
    return Reply(dispenses.for_patients(*await queries.find_dispense(call.work, call.id("id"))))
