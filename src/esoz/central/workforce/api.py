"""Operations of employees."""

from esoz.central.organisations import client_of
from esoz.kernel.errors import NotFound
from esoz.kernel.operation import Call, Operations, Paging, Reply
from esoz.kernel.payload import omit_none

from . import commands, queries, wire
from .model import EmployeeFilter, EmployeeRequestFilter, VerificationFilter

INVITATIONS = "/invitations"  # the page of central that the links of mails lead to

operations = Operations()


@operations.add("API-005-023-0001", "GET /api/employees", scope="employee:read")
async def employees(call: Call) -> Reply:
    found, paged = await queries.employees(call.work, call.query(EmployeeFilter), call.page())
    places = await queries.places(call.work.db, found)
    limits = queries.declaration_limits(call.work)
    rows = [wire.employee_in_list(each, *places[each.id], limits) for each in found]
    return Reply(rows, paging=Paging.of(paged))


@operations.add("API-005-023-0002", "GET /api/employees/{employee_id}", scope="employee:details")
async def employee(call: Call) -> Reply:
    found = await queries.employee(call.work, call.id("employee_id"))
    places = await queries.places(call.work.db, [found])
    return Reply(wire.employee(found, *places[found.id], queries.declaration_limits(call.work)))


@operations.add("get_api_employees_ID_short", "GET /api/employees/{employee_id}/short", scope="employee:read")
async def employee_named(call: Call) -> Reply:
    return Reply(wire.employee_named(await queries.employee_named(call.work, call.id("employee_id"))))


@operations.add("API-005-023-0003", "PATCH /api/employees/{id}/actions/deactivate", scope="employee:deactivate")
async def dismiss(call: Call) -> Reply:
    gone = await commands.dismiss(call.work, call.id("id"))
    places = await queries.places(call.work.db, [gone])
    return Reply(wire.employee(gone, *places[gone.id], queries.declaration_limits(call.work)))


@operations.add("API-005-024-0001", "POST /api/v2/employee_requests", scope="employee_request:write")
async def create_request(call: Call) -> Reply:
    document = call.body(wire.SignedBody).signed_content
    client_id = client_of(call.work.actor)
    made = await commands.create_request(call.work, document, legal_entity_id=client_id, page=call.host + INVITATIONS)
    return Reply(wire.request(made))


@operations.add("API-005-024-0002", "GET /api/employee_requests", scope="employee_request:read")
async def requests(call: Call) -> Reply:
    paged = await queries.requests(call.work, call.query(EmployeeRequestFilter), call.page())
    return Reply([wire.request_in_list(row, call.work.now) for row in paged.rows], paging=Paging.of(paged))


@operations.add("API-005-024-0003", "GET /api/employee_requests/{id}", scope="employee_request:read")
async def request(call: Call) -> Reply:
    found, user_id = await queries.request(call.work, call.id("id"))
    return Reply(wire.request(found), urgent=omit_none(user_id=user_id))


@operations.add("API-005-024-0005", "GET /api/mis/employee_requests/{id}", scope="event:read")
async def request_through_mis(call: Call) -> Reply:
    return Reply(wire.answered(await queries.request_through_mis(call.work, call.id("id"))))


# The one who is invited may have no role anywhere yet, so a session is enough here and no scope is asked for.
@operations.add("API-005-024-0004", "POST /employee_requests/{id}/actions/{action}", scope="", api_key=False)
async def answer_request(call: Call) -> Reply:
    answers = {"approve": commands.approve_request, "reject": commands.reject_request}
    answer = answers.get(call.text("action"))
    if answer is None:
        raise NotFound()
    return Reply(wire.request(await answer(call.work, call.id("id"))))


@operations.add("get_api_parties_verifications", "GET /api/parties/verifications", scope="party_verification:read")
async def verifications(call: Call) -> Reply:
    paged, verifications = await queries.verifications(call.work, call.query(VerificationFilter), call.page())
    shown = [wire.verified_employee(row, verifications.get(row["party_id"], ())) for row in paged.rows]
    return Reply(shown, paging=Paging.of(paged))


@operations.add(
    "get_api_parties_ID_verification", "GET /api/parties/{id}/verification", scope="party_verification:details"
)
async def verification(call: Call) -> Reply:
    return Reply(wire.party_verification(*await queries.verification(call.work, call.id("id"))))


@operations.add(
    "patch_api_parties_ID_verification", "PATCH /api/parties/{id}/verification", scope="party_verification:write"
)
async def resolve_verification(call: Call) -> Reply:
    register, how = call.body(wire.ResolutionBody).chosen()
    settled = await commands.resolve_verification(
        call.work,
        call.id("id"),
        register,
        status=how.verification_status,
        reason=how.verification_reason,
        comment=how.verification_comment,
    )
    return Reply(wire.party_verification(*settled))
