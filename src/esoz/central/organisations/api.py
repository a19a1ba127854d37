"""Operations of legal entities and divisions."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, policy, queries, wire
from .model import DivisionDetails, DivisionFilter, LegalEntityFilter

operations = Operations()


@operations.add("API-005-035-0001", "GET /api/v2/legal_entities", scope="legal_entity:read")
async def legal_entities(call: Call) -> Reply:
    filters = call.query(LegalEntityFilter)
    found, paged = await queries.legal_entities(call.work, filters, call.page())
    return Reply([wire.legal_entity_in_list(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-035-0002", "GET /api/v2/legal_entities/{id}", scope="legal_entity:read")
async def legal_entity(call: Call) -> Reply:
    return Reply(wire.legal_entity(await queries.legal_entity(call.work, call.id("id"))))


@operations.add("API-005-035-0006", "GET /api/legal_entities/{id}/related", scope="related_legal_entities:read")
async def related(call: Call) -> Reply:
    found, paged = await queries.related(call.work, call.id("id"), call.page())
    return Reply([wire.related(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-035-0004", "PATCH /api/legal_entities/{id}/actions/nhs_verify", scope="legal_entity:verify")
async def verify_legal_entity(call: Call) -> Reply:
    return Reply(wire.legal_entity_whole(await commands.verify_legal_entity(call.work, call.id("id"))))


@operations.add("API-005-022-0003", "POST /api/divisions", scope="division:write", schema_validation=False)
async def create_division(call: Call) -> Reply:
    body = _division_body(call)
    made = await commands.create_division(call.work, body, legal_entity_id=policy.client_of(call.work.actor))
    return Reply(wire.division(made))


@operations.add("API-005-022-0002", "PATCH /api/divisions/{id}", scope="division:write", schema_validation=False)
async def update_division(call: Call) -> Reply:
    body = _division_body(call)
    return Reply(wire.division(await commands.update_division(call.work, call.id("id"), body)))


@operations.add("API-005-022-0005", "PATCH /api/divisions/{id}/actions/activate", scope="division:activate")
async def activate_division(call: Call) -> Reply:
    return Reply(wire.division(await commands.activate_division(call.work, call.id("id"))))


@operations.add("API-005-022-0004", "PATCH /api/divisions/{id}/actions/deactivate", scope="division:deactivate")
async def deactivate_division(call: Call) -> Reply:
    return Reply(wire.division(await commands.deactivate_division(call.work, call.id("id"))))


def _division_body(call: Call) -> DivisionDetails:
    wire.division_schema().check(call.content)
    return call.body(wire.DivisionBody).details()


@operations.add("API-005-022-0001", "GET /api/divisions", scope="division:read")
async def divisions(call: Call) -> Reply:
    query = call.query(wire.DivisionsQuery)
    filters = DivisionFilter(
        ids=query.chosen(), name=query.name, legal_entity_id=query.legal_entity_id, type=query.type, status=query.status
    )
    found, paged = await queries.divisions(call.work, filters, call.page())
    return Reply([wire.division(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-022-0007", "GET /api/divisions/{id}", scope="division:details")
async def division(call: Call) -> Reply:
    return Reply(wire.division(await queries.division(call.work, call.id("id"))))
