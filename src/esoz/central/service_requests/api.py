"""Operations of referrals: for who writes them, for who answers them, for the patients themselves."""

from collections.abc import Sequence

from esoz.kernel.jobs import JobKind
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .content import shown
from .model import ServiceRequest, jobs
from .model.filters import EpisodeFilter, NumberFilter, OwnFilter, RequestFilter
from .model.requests import Completion, Usage

operations = Operations()

PAGE_LIMIT = 100  # medical events are paged by a hundred at most
OF_PATIENT = "/api/patients/{patient_id}/service_requests"
OF_EPISODE = "/api/patients/{patient_id}/episodes/{episode_id}/service_requests"
READ, WRITE, USE = "service_request:read", "service_request:write", "service_request:use"


@operations.add("API-007-062-0001", f"POST {OF_PATIENT}/prequalify", scope=WRITE)
async def prequalify(call: Call) -> Reply:
    body = call.body(wire.Prequalification)
    programmes = wire.programme_ids(body.programs)
    found, contact = await commands.prequalify(call.work, call.id("patient_id"), body.service_request, programmes)
    return Reply([wire.verdict(each) for each in found], urgent=wire.urgent(contact))


@operations.add("API-007-062-0002", f"POST {OF_PATIENT}", scope=WRITE)
async def create(call: Call) -> Reply:
    order = jobs.SignedOrder(person_id=call.id("patient_id"), signed_data=call.body(jobs.SignedBody).signed_data)
    return wire.accepted(await commands.submit_order(call.work, order, request_id=_request_id(call)))


@operations.add("API-007-062-0003", f"GET {OF_EPISODE}", scope=READ)
async def list_of_episode(call: Call) -> Reply:
    wanted, page = call.query(EpisodeFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.requests_of_episode(
        call.work, call.id("patient_id"), call.id("episode_id"), wanted, page
    )
    return Reply(_all(found), paging=Paging.of(paged))


@operations.add("API-007-062-0004", f"GET {OF_PATIENT}", scope=READ)
async def list_of_patient(call: Call) -> Reply:
    wanted, page = call.query(RequestFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.requests(call.work, call.id("patient_id"), wanted, page)
    return Reply(_all(found), paging=Paging.of(paged))


@operations.add("API-007-062-0005", f"GET {OF_EPISODE}/{{service_request_id}}", scope=READ)
async def one_of_episode(call: Call) -> Reply:
    patient, episode, id = (call.id(name) for name in ("patient_id", "episode_id", "service_request_id"))
    return Reply(shown(await queries.request(call.work, patient, id, episode_id=episode)))


@operations.add("API-007-062-0006", f"GET {OF_PATIENT}/{{service_request_id}}", scope=READ)
async def one_of_patient(call: Call) -> Reply:
    return Reply(shown(await queries.request(call.work, call.id("patient_id"), call.id("service_request_id"))))


@operations.add(
    "API-007-062-0007", f"PATCH {OF_PATIENT}/{{service_request_id}}/actions/cancel", scope="service_request:cancel"
)
async def cancel(call: Call) -> Reply:
    return await _ended(call, jobs.CANCEL)


@operations.add(
    "API-007-062-0008", f"PATCH {OF_PATIENT}/{{service_request_id}}/actions/recall", scope="service_request:recall"
)
async def recall(call: Call) -> Reply:
    return await _ended(call, jobs.RECALL)


@operations.add("API-007-062-0009", f"PATCH {OF_PATIENT}/{{service_request_id}}/actions/resend", scope=USE)
async def resend(call: Call) -> Reply:
    request = await commands.resend(call.work, call.id("patient_id"), call.id("service_request_id"))
    return Reply(shown(request), status=201)


@operations.add("API-007-062-0010", "GET /api/service_requests", scope=READ)
async def search(call: Call) -> Reply:
    wanted, page = call.query(NumberFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.search(call.work, wanted, page)
    return Reply([wire.in_list(each) for each in found], paging=Paging.of(paged))


@operations.add("API-007-062-0011", "POST /api/service_requests/{service_request_id}/actions/qualify", scope=USE)
async def qualify(call: Call) -> Reply:
    programmes = wire.programme_ids(call.body(wire.Qualification).programs)
    found = await queries.qualify(call.work, call.id("service_request_id"), programmes)
    return Reply([wire.verdict(each) for each in found])


# The published schema demands a programme, though a referral may be written without one.
@operations.add(
    "API-007-062-0012",
    "PATCH /api/service_requests/{service_request_id}/actions/use",
    scope=USE,
    schema_validation=False,
)
async def use(call: Call) -> Reply:
    usage = call.body(Usage)
    id = call.id("service_request_id")
    change = jobs.Use(person_id=await queries.person_of(call.work, id), id=id, usage=usage)
    return wire.accepted(await commands.submit_change(call.work, jobs.USE, change, request_id=_request_id(call)))


@operations.add(
    "API-007-062-0013",
    "PATCH /api/service_requests/{service_request_id}/actions/process",
    scope="service_request:makeinprogress",
)
async def process(call: Call) -> Reply:
    return await _changed(call, jobs.PROCESS)


@operations.add("API-007-062-0014", "PATCH /api/service_requests/{service_request_id}/actions/release", scope=USE)
async def release(call: Call) -> Reply:
    return await _changed(call, jobs.RELEASE)


@operations.add(
    "API-007-062-0015",
    "PATCH /api/service_requests/{service_request_id}/actions/complete",
    scope="service_request:complete",
)
async def complete(call: Call) -> Reply:
    completion = call.body(Completion)
    id = call.id("service_request_id")
    change = jobs.Complete(person_id=await queries.person_of(call.work, id), id=id, completion=completion)
    return wire.accepted(await commands.submit_change(call.work, jobs.COMPLETE, change, request_id=_request_id(call)))


OWN = "/api/pis/person/service_requests"


@operations.add("esoz_own_service_requests", f"GET {OWN}", scope="person:read")
async def own_requests(call: Call) -> Reply:
    wanted, page = call.query(OwnFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.own_requests(call.work, wanted, page)
    return Reply(_all(found), paging=Paging.of(paged))


@operations.add("esoz_own_service_request", f"GET {OWN}/{{id}}", scope="person:read")
async def own_request(call: Call) -> Reply:
    return Reply(shown(await queries.own_request(call.work, call.id("id"))))


def _all(found: Sequence[ServiceRequest]) -> list[object]:
    return [shown(each) for each in found]


async def _ended(call: Call, kind: JobKind[jobs.SignedEnd]) -> Reply:
    end = jobs.SignedEnd(
        person_id=call.id("patient_id"),
        id=call.id("service_request_id"),
        signed_data=call.body(jobs.SignedBody).signed_data,
    )
    return wire.accepted(await commands.submit_end(call.work, kind, end, request_id=_request_id(call)))


async def _changed(call: Call, kind: JobKind[jobs.Change]) -> Reply:
    id = call.id("service_request_id")
    change = jobs.Change(person_id=await queries.person_of(call.work, id), id=id)
    return wire.accepted(await commands.submit_change(call.work, kind, change, request_id=_request_id(call)))


def _request_id(call: Call) -> str:
    return call.headers.get("x-request-id", "")
