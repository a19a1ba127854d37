"""Operations of device definitions."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import CLASSIFICATION, DeviceDefinitionFilter

operations = Operations()

READ = "device_definition:read"


@operations.add("get_api_v2_device_definitions", "GET /api/v2/device_definitions", scope=READ)
async def device_definitions(call: Call) -> Reply:
    filters = call.query(DeviceDefinitionFilter)
    paged = await queries.device_definitions(call.work, filters, call.page())
    found = [wire.definition(row, filters.medical_program_id) for row in paged.rows]
    return Reply(found, paging=Paging.of(paged))


@operations.add("get_api_v2_device_definitions_ID", "GET /api/v2/device_definitions/{id}", scope=READ)
async def device_definition(call: Call) -> Reply:
    return Reply(wire.definition(await queries.device_definition(call.work, call.id("id"))))


@operations.add("get_api_device_definitions", "GET /api/device_definitions", scope=READ)
async def device_definitions_old(call: Call) -> Reply:
    filters = call.query(wire.DeviceDefinitionFilterV1).filters()
    paged = await queries.device_definitions(call.work, filters, call.page())
    found = [wire.definition_old(row, filters.medical_program_id) for row in paged.rows]
    return Reply(found, paging=Paging.of(paged))


@operations.add("get_api_device_definitions_ID", "GET /api/device_definitions/{id}", scope=READ)
async def device_definition_old(call: Call) -> Reply:
    found = await queries.device_definition(call.work, call.id("id"), system=CLASSIFICATION)
    return Reply(wire.definition_old(found))
