"""Operations of persons, for clinics and for the patients themselves."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import AccessLogFilter, NameSearch, SearchCriteria
from .wire import named

operations = Operations()


@operations.add("API-010-050-0001", "GET /api/persons", scope="person:read")
async def search(call: Call) -> Reply:
    criteria = call.query(SearchCriteria)
    found = await queries.search(call.work, criteria, call.page())
    return Reply([wire.found_person(each, criteria) for each in found])


@operations.add(
    "get_api_persons_ID_personal_data", "GET /api/persons/{id}/personal_data", scope="personal_data:read", patient="id"
)
async def personal_data(call: Call) -> Reply:
    # The published answer is a list with the one person.
    return Reply([wire.personal_data(*await queries.personal_data(call.work, call.id("id")))])


@operations.add("API-010-050-0002", "GET /api/persons/{id}/merged_persons", scope="person:read", patient="id")
async def merged_persons(call: Call) -> Reply:
    status, page = call.query(wire.MergedQuery).status, call.page()
    paged = await queries.merged_persons(call.work, call.id("id"), page, status=status)
    return Reply([wire.merged_person(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("get_api_v2_persons", "GET /api/v2/persons", scope="person:read")
async def search_by_language(call: Call) -> Reply:
    criteria = call.query(NameSearch)
    found = await queries.search_by_language(call.work, criteria, call.page())
    return Reply([named.found_person(each, criteria) for each in found])


@operations.add(
    "get_api_v2_persons_ID_personal_data",
    "GET /api/v2/persons/{id}/personal_data",
    scope="personal_data:read",
    patient="id",
)
async def personal_data_by_language(call: Call) -> Reply:
    # A list with the one person, as in the first version.
    return Reply([named.personal_data(*await queries.personal_data(call.work, call.id("id")))])


@operations.add(
    "get_api_persons_ID_authentication_methods",
    "GET /api/persons/{id}/authentication_methods",
    scope="person:read",
    patient="id",
)
async def authentication_methods(call: Call) -> Reply:
    methods = await queries.authentication_methods(call.work, call.id("id"))
    return Reply([wire.authentication_method(each) for each in methods])


@operations.add(
    "get_api_persons_ID_confidant_person_relationships",
    "GET /api/persons/{id}/confidant_person_relationships",
    scope="confidant_person_relationship:read",
    patient="id",
)
async def relationships(call: Call) -> Reply:
    is_expired, page = call.query(wire.RelationshipsQuery).is_expired, call.page()
    found, paged = await queries.relationships(call.work, call.id("id"), page, is_expired=is_expired)
    return Reply([wire.relationship(each) for each in found], paging=Paging.of(paged))


@operations.add(
    "API-010-050-0003", "GET /api/persons/{id}/verification", scope="person_verification:read", patient="id"
)
async def verification(call: Call) -> Reply:
    return Reply(wire.verification(await queries.verification(call.work, call.id("id"))))


@operations.add(
    "patch_api_persons_ID_verification",
    "PATCH /api/persons/{id}/verification",
    scope="person_verification:write",
    patient="id",
)
async def settle_verification(call: Call) -> Reply:
    document = call.body(wire.SettlementBody).signed_content
    return Reply(wire.verification(await commands.settle_verification(call.work, call.id("id"), document)))


@operations.add("API-010-050-0006", "GET /api/pis/person", scope="person:sign_in")
async def own_record(call: Call) -> Reply:
    return Reply(wire.own_record(await queries.own_record(call.work)))


@operations.add("get_api_pis_person_authentication_methods", "GET /api/pis/person/authentication_methods", scope="")
async def own_authentication_methods(call: Call) -> Reply:
    methods = await queries.own_authentication_methods(call.work)
    return Reply([wire.own_authentication_method(each) for each in methods])


@operations.add("get_api_pis_person_verification", "GET /api/pis/person/verification", scope="")
async def own_verification(call: Call) -> Reply:
    return Reply(wire.own_verification(await queries.own_verification(call.work)))


@operations.add("get_api_cabinet_persons_details", "GET /api/cabinet/persons/details", scope="person:read")
async def cabinet_record(call: Call) -> Reply:
    person, methods = await queries.own_record_with_methods(call.work)
    return Reply(wire.cabinet_record(person, methods))


@operations.add("get_api_cabinet_authentication_factor", "GET /api/cabinet/authentication_factor", scope="person:read")
async def own_factor(call: Call) -> Reply:
    return Reply(wire.factor(await queries.own_phone_method(call.work), call.work.actor.user_id))


@operations.add("esoz_wards", "GET /api/pis/person/wards", scope="person:sign_in")
async def wards(call: Call) -> Reply:
    return Reply([wire.ward(each) for each in await queries.wards(call.work)])


@operations.add("esoz_access_log", "GET /api/pis/access_log", scope="person:sign_in")
async def own_access_log(call: Call) -> Reply:
    query = call.query(wire.AccessLogQuery)
    found, paged = await queries.own_access_log(
        call.work, AccessLogFilter(start=query.start, end=query.end, event=query.event), call.page()
    )
    return Reply([wire.access(each) for each in found], paging=Paging.of(paged))
