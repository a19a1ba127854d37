"""Operations of the catalogue of services."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire

operations = Operations()


@operations.add("get_api_services", "GET /api/services", scope="")
async def get_services(call: Call) -> Reply:
    query = call.query(wire.ServicesQuery)
    nodes, paged = await queries.catalogue(call.work, call.page(), code=query.code, name=query.name)
    return Reply([wire.group(node) for node in nodes], paging=Paging.of(paged))


@operations.add("get_api_program_services", "GET /api/program_services", scope="program_service:read")
async def get_program_services(call: Call) -> Reply:
    query = call.query(wire.ProgramServicesQuery)
    paged = await queries.program_services(call.work, call.page(), query.medical_program_id)
    return Reply([wire.program_service(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("get_api_program_services_ID", "GET /api/program_services/{id}", scope="program_service:read")
async def get_program_service(call: Call) -> Reply:
    return Reply(wire.program_service(await queries.program_service(call.work, call.id("id"))))
