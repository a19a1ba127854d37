"""Operations of approvals: all answer at once, none of them needs a job."""

from collections.abc import Sequence

from esoz.central.people import patient_of
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import Approval, ApprovalFilter, NewApproval

operations = Operations()

PATH = "/api/patients/{patient_id}/approvals"
CREATED = 201
PAGE_LIMIT = 100  # medical events are paged by a hundred at most


@operations.add("post_api_patients_ID_approvals", f"POST {PATH}", scope="approval:create")
async def create_approval(call: Call) -> Reply:
    made = await commands.create_approval(call.work, call.id("patient_id"), call.body(NewApproval))
    return Reply((await _shown(call, [made]))[0], status=CREATED)


@operations.add("patch_api_patients_ID_approvals_ID", f"PATCH {PATH}/{{id}}", scope="approval:create")
async def verify_approval(call: Call) -> Reply:
    code = str(call.body(wire.Verification).code)
    found = await commands.verify_approval(call.work, call.id("patient_id"), call.id("id"), code)
    return Reply((await _shown(call, [found]))[0])


@operations.add(
    "patch_api_patients_ID_approvals_ID_actions_resend", f"PATCH {PATH}/{{id}}/actions/resend", scope="approval:create"
)
async def resend_code(call: Call) -> Reply:
    found = await commands.resend_code(call.work, call.id("patient_id"), call.id("id"))
    return Reply((await _shown(call, [found]))[0], status=CREATED)


@operations.add(
    "patch_api_patients_ID_approvals_ID_actions_cancel", f"PATCH {PATH}/{{id}}/actions/cancel", scope="approval:cancel"
)
async def cancel_approval(call: Call) -> Reply:
    found = await commands.cancel_approval(call.work, call.id("patient_id"), call.id("id"))
    return Reply((await _shown(call, [found]))[0], status=CREATED)


@operations.add("get_api_patients_ID_approvals", f"GET {PATH}", scope="approval:read")
async def get_approvals(call: Call) -> Reply:
    wanted, page = call.query(ApprovalFilter), call.page(limit=PAGE_LIMIT)
    found, paged = await queries.approvals(call.work, call.id("patient_id"), wanted, page)
    return Reply(await _shown(call, found), paging=Paging.of(paged))


@operations.add("get_api_patients_ID_approvals_ID", f"GET {PATH}/{{id}}", scope="approval:read")
async def get_approval(call: Call) -> Reply:
    found = await queries.approval(call.work, call.id("patient_id"), call.id("id"))
    return Reply((await _shown(call, [found]))[0])


OWN = "/api/pis/approvals"


@operations.add("esoz_own_approvals", f"GET {OWN}", scope="person:sign_in")
async def own_approvals(call: Call) -> Reply:
    found, paged = await queries.own_approvals(call.work, patient_of(call.work.actor), call.page(limit=PAGE_LIMIT))
    return Reply(await _own_shown(call, found), paging=Paging.of(paged))


@operations.add("esoz_cancel_own_approval", f"PATCH {OWN}/{{id}}/actions/cancel", scope="person:sign_in")
async def cancel_own_approval(call: Call) -> Reply:
    found = await commands.cancel_own_approval(call.work, patient_of(call.work.actor), call.id("id"))
    return Reply((await _own_shown(call, [found]))[0])


async def _own_shown(call: Call, found: Sequence[Approval]) -> list[object]:
    names, clinics = await queries.names_of_doctors(call.work, found), await queries.clinics_of(call.work, found)
    return [wire.own_approval(each, names, clinics) for each in found]


async def _shown(call: Call, found: Sequence[Approval]) -> list[object]:
    names = await queries.names_of_doctors(call.work, found)
    return [wire.approval(each, names) for each in found]
