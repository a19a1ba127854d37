"""What patients read of the devices that were prescribed to them; none is published."""

from esoz.kernel.operation import Call, Paging, Reply

from ..queries import requests as queries
from ..wire import requests as wire
from .registry import operations

SCOPE = "person:read"
PAGE_LIMIT = 100  # as medical events


@operations.add("esoz_own_device_requests", "GET /api/pis/person/device_requests", scope=SCOPE)
async def own_requests(call: Call) -> Reply:
    found, paged = await queries.own_requests(call.work, call.page(limit=PAGE_LIMIT))
    return Reply([wire.own(*each) for each in found], paging=Paging.of(paged))


@operations.add("esoz_own_device_request", "GET /api/pis/person/device_requests/{id}", scope=SCOPE)
async def own_request(call: Call) -> Reply:
    view = await queries.own_request(call.work, call.id("id"))
    return Reply(wire.details(view), urgent=wire.urgent(view))
