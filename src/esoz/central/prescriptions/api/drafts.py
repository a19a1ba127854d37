"""Drafts of prescriptions."""

from esoz.kernel.operation import Call, Paging, Reply

from ..commands import drafts as commands
from ..content.drafts import shown_draft
from ..content.requests import shown_request
from ..model.filters import DraftFilter
from ..queries import prescriptions as queries
from ..wire import drafts as wire
from ..wire.notices import authentication_method_current
from ..wire.printout import printout
from ..wire.qualification import verdict
from .registry import operations


@operations.add(
    "API-005-044-0001", "POST /api/medication_request_requests/prequalify", scope="medication_request_request:write"
)
async def prequalify(call: Call) -> Reply:
    body = call.body(wire.Prequalification)
    order = wire.order(body.medication_request_request)
    return Reply(
        [
            verdict(each.programme, each.reason, each.first_day)
            for each in await commands.prequalify(call.work, order, [programme.id for programme in body.programs])
        ]
    )


@operations.add("API-005-044-0002", "POST /api/medication_request_requests", scope="medication_request_request:write")
async def create(call: Call) -> Reply:
    written = await commands.create(call.work, wire.order(call.body(wire.NewDraft).medication_request_request))
    urgent = {"authentication_method_current": authentication_method_current(written.contact)}
    return Reply(shown_draft(written.draft, written.draft.status), status=201, urgent=urgent)


@operations.add(
    "API-005-044-0003",
    "GET /api/persons/{person_id}/medication_request_requests",
    scope="medication_request_request:read",
)
async def list_of_person(call: Call) -> Reply:
    wanted = call.query(DraftFilter)
    found, paged = await queries.list_drafts(call.work, call.id("person_id"), call.page(), wanted)
    return Reply([shown_draft(draft, status) for draft, status in found], paging=Paging.of(paged))


@operations.add(
    "API-005-044-0005",
    "GET /api/persons/{person_id}/medication_request_requests/{id}",
    scope="medication_request_request:read",
)
async def find(call: Call) -> Reply:
    draft, status = await queries.find_draft(call.work, call.id("person_id"), call.id("id"))
    return Reply(shown_draft(draft, status))


@operations.add(
    "API-005-044-0006",
    "PATCH /api/medication_request_requests/{id}/actions/sign",
    scope="medication_request_request:sign",
)
async def sign(call: Call) -> Reply:
    document = call.body(wire.SignedDraft).signed_medication_request_request
    issued = await commands.sign(call.work, call.id("id"), document)
    shown = shown_request(issued.request, issued.request.status, full_programme=True)
    return Reply({**shown, "printout_form": printout(issued.request, issued.code)})


@operations.add(
    "API-005-044-0007",
    "PATCH /api/medication_request_requests/{id}/actions/reject",
    scope="medication_request_request:reject",
)
async def reject(call: Call) -> Reply:
    draft = await commands.reject(call.work, call.id("id"))
    return Reply(shown_draft(draft, draft.status))
