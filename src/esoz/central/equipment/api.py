"""Operations of equipment."""

from esoz.central.organisations import client_of
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import EquipmentDetails, EquipmentFilter

operations = Operations()


@operations.add("API-007-028-0003", "GET /api/equipment", scope="equipment:read")
async def equipment_list(call: Call) -> Reply:
    found, paged = await queries.equipment_list(call.work, call.query(EquipmentFilter), call.page())
    return Reply([wire.equipment(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-028-0004", "GET /api/equipment/{id}", scope="equipment:read")
async def equipment(call: Call) -> Reply:
    return Reply(wire.equipment(await queries.equipment(call.work, call.id("id"))))


@operations.add("API-007-028-0001", "POST /api/equipment", scope="equipment:write")
async def create_equipment(call: Call) -> Reply:
    details = call.body(EquipmentDetails)
    made = await commands.create(call.work, details, legal_entity_id=client_of(call.work.actor))
    return Reply(wire.equipment(made), 201)


@operations.add("API-007-028-0008", "PATCH /api/equipment/{id}/actions/change_status", scope="equipment:write")
async def change_status(call: Call) -> Reply:
    body = call.body(wire.StatusBody)
    changed = await commands.change_status(call.work, call.id("id"), body.status, body.error_reason)
    return Reply(wire.equipment(changed))


@operations.add(
    "API-007-028-0009", "PATCH /api/equipment/{id}/actions/change_availability_status", scope="equipment:write"
)
async def change_availability(call: Call) -> Reply:
    availability = call.body(wire.AvailabilityBody).availability_status
    return Reply(wire.equipment(await commands.change_availability(call.work, call.id("id"), availability)))
