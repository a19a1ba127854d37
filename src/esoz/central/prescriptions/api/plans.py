"""Drafts and prescriptions in the context of a care plan."""

from esoz.kernel.operation import Call, Paging, Reply

from ..content.drafts import shown_draft
from ..content.requests import shown_request
from ..model.filters import PlanDraftFilter, PlanRequestFilter
from ..queries import plans as queries
from .registry import operations


@operations.add(
    "API-005-044-0004",
    "GET /api/care_plans/{care_plan_id}/medication_request_requests",
    scope="medication_request_request:read",
)
async def list_drafts(call: Call) -> Reply:
    wanted = call.query(PlanDraftFilter)
    found, paged = await queries.list_drafts(call.work, call.id("care_plan_id"), call.page(), wanted)
    return Reply([shown_draft(draft, status) for draft, status in found], paging=Paging.of(paged))


@operations.add(
    "API-005-043-0004", "GET /api/care_plans/{care_plan_id}/medication_requests", scope="medication_request:read"
)
async def list_requests(call: Call) -> Reply:
    wanted = call.query(PlanRequestFilter)
    found, paged = await queries.list_requests(call.work, call.id("care_plan_id"), call.page(), wanted)
    return Reply([shown_request(request, status) for request, status in found], paging=Paging.of(paged))
