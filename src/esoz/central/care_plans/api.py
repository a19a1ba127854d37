"""Operations of care plans: of who writes them, of who reads them, of the patients themselves."""

from esoz.central.records import accepted
from esoz.kernel.jobs import JobKind
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .content import shown_activity
from .model import jobs
from .model.activities import Completion
from .model.filters import ActivityFilter, NumberFilter, OwnFilter, PlanFilter, PlanFilterV2
from .model.views import View

operations = Operations()

PAGE_LIMIT = 100  # medical events are paged by a hundred at most
OF_PATIENT = "/api/patients/{patient_id}/care_plans"
ACTIVITIES = f"{OF_PATIENT}/{{care_plan_id}}/activities"
OWN = "/api/pis/person/care_plans"
READ, WRITE, OF_SELF = "care_plan:read", "care_plan:write", "person:read"


@operations.add("API-007-005-0001", f"POST {OF_PATIENT}", scope=WRITE)
async def create(call: Call) -> Reply:
    change = jobs.SignedChange(person_id=call.id("patient_id"), signed_data=call.body(jobs.SignedBody).signed_data)
    return accepted(await commands.submit_plan(call.work, change, request_id=_request_id(call)))


@operations.add("API-007-005-0003", f"GET {OF_PATIENT}", scope=READ)
async def list_of_patient(call: Call) -> Reply:
    return await _list(call, call.query(PlanFilter))


@operations.add("get_api_v2_patients_ID_care_plans", f"GET /api/v2{OF_PATIENT.removeprefix('/api')}", scope=READ)
async def list_of_patient_v2(call: Call) -> Reply:
    return await _list(call, call.query(PlanFilterV2))


@operations.add(
    "get_api_patients_ID_summary_care_plans",
    "GET /api/patients/{patient_id}/summary/care_plans",
    scope="patient_summary:read",
)
async def summary(call: Call) -> Reply:
    wanted, page = call.query(PlanFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.plans(call.work, call.id("patient_id"), wanted, page)
    return Reply([wire.short(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-005-0004", "GET /api/care_plans", scope=READ)
async def search(call: Call) -> Reply:
    wanted, page = call.query(NumberFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.search(call.work, wanted, page)
    return Reply([wire.in_list(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-005-0002", f"GET {OF_PATIENT}/{{id}}", scope=READ)
async def find(call: Call) -> Reply:
    return await _one(call, await queries.plan(call.work, call.id("patient_id"), call.id("id")))


@operations.add("API-007-005-0005", f"PATCH {OF_PATIENT}/{{id}}/actions/cancel", scope=WRITE)
async def cancel(call: Call) -> Reply:
    return await _cancelled(call, jobs.CANCEL, _signed(call, plan="id"))


@operations.add("API-007-005-0006", f"PATCH {OF_PATIENT}/{{id}}/actions/complete", scope=WRITE)
async def complete(call: Call) -> Reply:
    reason = call.body(jobs.Reason).status_reason
    change = jobs.PlanCompletion(person_id=call.id("patient_id"), id=call.id("id"), status_reason=reason)
    return accepted(await commands.submit_completion(call.work, jobs.COMPLETE, change, request_id=_request_id(call)))


@operations.add("API-007-006-0001", f"POST {ACTIVITIES}/prequalify", scope=WRITE)
async def prequalify(call: Call) -> Reply:
    body = call.body(wire.Prequalification)
    key = call.id("patient_id"), call.id("care_plan_id")
    tried = body.activity, body.content
    found, contact = await commands.activities.prequalify(call.work, key, tried, body.programme_ids)
    return Reply([wire.verdict(each) for each in found], urgent=wire.authentication(contact))


@operations.add("API-007-006-0002", f"POST {ACTIVITIES}", scope=WRITE)
async def create_activity(call: Call) -> Reply:
    change = _signed(call, plan="care_plan_id")
    return accepted(await commands.submit_activity(call.work, change, request_id=_request_id(call)))


@operations.add("API-007-006-0004", f"GET {ACTIVITIES}", scope=READ)
async def list_activities(call: Call) -> Reply:
    wanted, page = call.query(ActivityFilter), call.page(limit=PAGE_LIMIT)
    key = call.id("patient_id"), call.id("care_plan_id")
    found, paged = await queries.activities(call.work, key, wanted, page)
    return Reply([shown_activity(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-006-0003", f"GET {ACTIVITIES}/{{id}}", scope=READ)
async def find_activity(call: Call) -> Reply:
    key = call.id("patient_id"), call.id("care_plan_id")
    return Reply(shown_activity(await queries.activity(call.work, key, call.id("id"))))


@operations.add("API-007-006-0005", f"PATCH {ACTIVITIES}/{{id}}/actions/cancel", scope=WRITE)
async def cancel_activity(call: Call) -> Reply:
    return await _cancelled(call, jobs.CANCEL_ACTIVITY, _signed(call, plan="care_plan_id", activity="id"))


@operations.add("API-007-006-0006", f"PATCH {ACTIVITIES}/{{id}}/actions/complete", scope=WRITE)
async def complete_activity(call: Call) -> Reply:
    change = jobs.ActivityCompletion(
        person_id=call.id("patient_id"),
        id=call.id("care_plan_id"),
        activity_id=call.id("id"),
        completion=call.body(Completion),
    )
    job = await commands.submit_completion(call.work, jobs.COMPLETE_ACTIVITY, change, request_id=_request_id(call))
    return accepted(job)


@operations.add("esoz_own_care_plans", f"GET {OWN}", scope=OF_SELF)
async def own_plans(call: Call) -> Reply:
    wanted, page = call.query(OwnFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.own_plans(call.work, wanted, page)
    return Reply([wire.plan(each) for each in found], paging=Paging.of(paged))


@operations.add("esoz_own_care_plan", f"GET {OWN}/{{id}}", scope=OF_SELF)
async def own_plan(call: Call) -> Reply:
    return await _one(call, await queries.own_plan(call.work, call.id("id")))


@operations.add("esoz_own_care_plan_activities", f"GET {OWN}/{{id}}/activities", scope=OF_SELF)
async def own_activities(call: Call) -> Reply:
    found, paged = await queries.own_activities(call.work, call.id("id"), call.page(limit=PAGE_LIMIT))
    return Reply([shown_activity(each) for each in found], paging=Paging.of(paged))


async def _list(call: Call, wanted: PlanFilter) -> Reply:
    found, paged = await queries.plans(call.work, call.id("patient_id"), wanted, call.page(limit=PAGE_LIMIT))
    return Reply([wire.plan(each) for each in found], paging=Paging.of(paged))


async def _one(call: Call, view: View) -> Reply:
    return Reply(wire.plan(view), urgent=wire.informing(await queries.contact(call.work, view.plan)))


async def _cancelled(call: Call, kind: JobKind[jobs.SignedChange], change: jobs.SignedChange) -> Reply:
    return accepted(await commands.submit_cancel(call.work, kind, change, request_id=_request_id(call)))


def _signed(call: Call, *, plan: str, activity: str | None = None) -> jobs.SignedChange:
    return jobs.SignedChange(
        person_id=call.id("patient_id"),
        id=call.id(plan),
        activity_id=call.id(activity) if activity else None,
        signed_data=call.body(jobs.SignedBody).signed_data,
    )


def _request_id(call: Call) -> str:
    return call.headers.get("x-request-id", "")
