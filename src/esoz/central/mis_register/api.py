"""The register of medical information systems for programs: «перелік протестованих і підключених МІС»."""

from esoz.kernel.operation import Call, Operations, Reply

from . import queries, wire

operations = Operations()


@operations.add("get_api_mis_register", "GET /api/mis_register", public=True, api_key=False)
async def register(call: Call) -> Reply:
    return Reply([wire.entry(each) for each in await queries.published(call.work)])
