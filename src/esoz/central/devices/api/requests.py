"""Requests of devices: what is read of them, and whether a programme takes them."""

from esoz.central.records import filters
from esoz.kernel.operation import Call, Paging, Reply

from ..commands import requests as commands
from ..content.requests import shown_request
from ..model.filters import NumberFilter
from ..queries import requests as queries
from ..wire import requests as wire
from .registry import operations

READ = "device_request:read"
LIST = "get_api_patients_ID_device_requests"
PAGE_LIMIT = 100  # as medical events


@operations.add(
    "post_api_patients_ID_device_requests_prequalify",
    "POST /api/patients/{patient_id}/device_requests/prequalify",
    scope="device_request:write",
)
async def prequalify(call: Call) -> Reply:
    body = call.body(wire.Prequalification)
    programmes = [each.id for each in body.programs]
    found = await commands.prequalify(call.work, call.id("patient_id"), body.device_request, programmes)
    return Reply([wire.verdict(each.programme, each.reason) for each in found])


@operations.add(LIST, "GET /api/patients/{patient_id}/device_requests", scope=READ)
async def list_of_patient(call: Call) -> Reply:
    wanted, page = filters(call, LIST), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.search(call.work, call.id("patient_id"), wanted, page)
    return Reply([shown_request(each) for each in found], paging=Paging.of(paged))


@operations.add(
    "get_api_patients_ID_device_requests_ID",
    "GET /api/patients/{patient_id}/device_requests/{device_request_id}",
    scope=READ,
)
async def find(call: Call) -> Reply:
    view = await queries.find(call.work, call.id("patient_id"), call.id("device_request_id"))
    return Reply(wire.details(view), urgent=wire.urgent(view))


@operations.add("get_api_device_requests", "GET /api/device_requests", scope=READ)
async def search(call: Call) -> Reply:
    found = await queries.by_number(call.work, call.query(NumberFilter).requisition)
    return Reply([wire.found(found)] if found else [])


@operations.add(
    "get_api_patients_ID_device_requests_ID_context",
    "GET /api/patients/{patient_id}/device_requests/{device_request_id}/context",
    scope="medical_event_context:read",
)
async def context(call: Call) -> Reply:
    return Reply(wire.context(*await queries.context(call.work, call.id("patient_id"), call.id("device_request_id"))))


@operations.add(
    "post_api_device_requests_ID_actions_qualify",
    "POST /api/device_requests/{device_request_id}/actions/qualify",
    scope="",
)
async def qualify(call: Call) -> Reply:
    body = call.body(wire.Qualify)
    programmes = [each.id for each in body.programs]
    found = await queries.qualify(call.work, call.id("device_request_id"), body.location.id, programmes)
    return Reply([wire.qualified(each.programme, each.reason, each.participants) for each in found])
