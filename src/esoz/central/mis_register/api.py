"""The register of medical information systems for programs: «перелік протестованих і підключених МІС»."""

from esoz.central import identity
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import RegisterFilter

operations = Operations()


@operations.add("get_api_mis_register", "GET /api/mis_register", public=True, api_key=False)
async def register(call: Call) -> Reply:
    found, paged = await queries.published(call.work, call.query(RegisterFilter), call.page())
    return Reply([wire.entry(each) for each in found], paging=Paging.of(paged))


# The key alone says who asks, and a blocked system is answered too: how else would its users learn that it is blocked.
@operations.add("get_api_mis_register_own", "GET /api/mis_register/own", public=True, api_key=False)
async def own_entry(call: Call) -> Reply:
    broker_id = await identity.vendor_of_key(call.work, call.headers)
    return Reply(wire.own_entry(await queries.of_vendor(call.work, broker_id)))
