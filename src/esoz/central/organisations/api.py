"""Operations of legal entities and divisions."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .store import DivisionsAsked, LegalEntitiesAsked

operations = Operations()


@operations.add("API-005-035-0001", "GET /api/v2/legal_entities", scope="legal_entity:read")
async def legal_entities(call: Call) -> Reply:
    asked = call.query(LegalEntitiesAsked)
    found, paged = await queries.legal_entities(call.work, asked, call.page())
    return Reply([wire.legal_entity_in_list(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-035-0002", "GET /api/v2/legal_entities/{id}", scope="legal_entity:read")
async def legal_entity(call: Call) -> Reply:
    return Reply(wire.legal_entity(await queries.legal_entity(call.work, call.id("id"))))


@operations.add("API-005-035-0006", "GET /api/legal_entities/{id}/related", scope="related_legal_entities:read")
async def related(call: Call) -> Reply:
    found, paged = await queries.related(call.work, call.id("id"), call.page())
    return Reply([wire.related(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-022-0001", "GET /api/divisions", scope="division:read")
async def divisions(call: Call) -> Reply:
    query = call.query(wire.DivisionsQuery)
    asked = DivisionsAsked(
        ids=query.chosen(), name=query.name, legal_entity_id=query.legal_entity_id, type=query.type, status=query.status
    )
    found, paged = await queries.divisions(call.work, asked, call.page())
    return Reply([wire.division(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-022-0007", "GET /api/divisions/{id}", scope="division:details")
async def division(call: Call) -> Reply:
    return Reply(wire.division(await queries.division(call.work, call.id("id"))))
