"""Operations of declarations, for clinics and for the patients themselves."""

import msgspec

from esoz.central.people import patient_of
from esoz.kernel.operation import Call, Paging, Reply

from ..commands import declarations as commands
from ..model import DeclarationFilter, VerificationFilter
from ..queries import declarations as queries
from ..wire import declarations as wire
from .registry import operations


@operations.add("API-005-013-0002", "GET /api/declarations", scope="declaration:read")
async def declarations(call: Call) -> Reply:
    filters = DeclarationFilter(**msgspec.structs.asdict(call.query(wire.DeclarationsQuery)))
    paged = await queries.declarations(call.work, filters, call.page())
    return Reply([wire.declaration_in_list(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("get_api_persons_verifications", "GET /api/persons/verifications", scope="person_verification:read")
async def verifications(call: Call) -> Reply:
    filters = VerificationFilter(**msgspec.structs.asdict(call.query(wire.VerificationsQuery)))
    paged = await queries.verifications(call.work, filters, call.page())
    return Reply([wire.verification_in_list(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-005-013-0003", "GET /api/declarations/{id}", scope="declaration:read")
async def declaration(call: Call) -> Reply:
    details = await queries.details(call.work, await queries.declaration(call.work, call.id("id")))
    return Reply(wire.declaration(details), urgent=wire.urgent(details))


@operations.add("API-005-013-0001", "GET /api/persons/{id}/declaration", scope="declaration:read", patient="id")
async def declaration_of_person(call: Call) -> Reply:
    # The published answer is a list with the one declaration.
    details = await queries.details(call.work, await queries.declaration_of_person(call.work, call.id("id")))
    return Reply([wire.declaration(details)])


@operations.add("API-005-013-0007", "GET /api/pis/declarations", scope="declaration:read_pis")
async def own_declarations(call: Call) -> Reply:
    person_id = patient_of(call.work.actor)
    filters = DeclarationFilter(person_id=person_id, **msgspec.structs.asdict(call.query(wire.OwnDeclarationsQuery)))
    paged = await queries.own_declarations(call.work, filters, call.page())
    return Reply([wire.own_declaration_in_list(row) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-005-013-0008", "GET /api/pis/declarations/{id}", scope="declaration:read_pis")
async def own_declaration(call: Call) -> Reply:
    found = await queries.own_declaration(call.work, patient_of(call.work.actor), call.id("id"))
    return Reply(wire.own_declaration(found), urgent={"links": []})


@operations.add(
    "API-005-013-0009", "PATCH /api/pis/declarations/{id}/actions/terminate", scope="declaration:terminate_pis"
)
async def terminate_own(call: Call) -> Reply:
    description = call.body(wire.Termination).reason_description
    ended = await commands.terminate_own(call.work, patient_of(call.work.actor), call.id("id"), description)
    return Reply(wire.terminated(await queries.details(call.work, ended)))
