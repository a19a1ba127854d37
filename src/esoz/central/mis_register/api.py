"""The register of medical information systems for programs: «перелік протестованих і підключених МІС»."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import RegisterFilter

operations = Operations()


@operations.add("get_api_mis_register", "GET /api/mis_register", public=True, api_key=False)
async def register(call: Call) -> Reply:
    found, paged = await queries.published(call.work, call.query(RegisterFilter), call.page())
    return Reply([wire.entry(each) for each in found], paging=Paging.of(paged))
