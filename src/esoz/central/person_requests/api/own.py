"""Operations of a person's own requests, through their cabinet."""

from esoz.kernel.errors import Forbidden
from esoz.kernel.operation import Call, Paging, Reply

from .. import content, queries
from ..commands import children
from ..commands import own as commands
from ..model.requests import OwnFilter
from ..wire import own as wire
from ..wire import requests as common
from .registry import operations

PATH = "/api/pis/person_requests"
TRUSTED = "TRUSTED_PIS"


@operations.add("post_api_pis_person_requests", f"POST {PATH}", scope="")
async def create(call: Call) -> Reply:
    request, documents = await commands.create(call.work, call.body(wire.OwnBody).details())
    return Reply(content.own_shown(request), status=201, urgent=wire.urgent(documents))


@operations.add("post_api_pis_trusted_person_requests", "POST /api/pis/trusted/person_requests", scope="")
async def create_trusted(call: Call) -> Reply:
    if call.work.actor.client_type != TRUSTED:
        raise Forbidden("This method is for trusted patient information systems only")
    return await create(call)


@operations.add("esoz_register_child", "POST /api/pis/person/wards", scope="")
async def register_child(call: Call) -> Reply:
    body = call.body(wire.ChildBody)
    request, documents = await children.create(call.work, body.details(), body.documents_relationship)
    return Reply(content.own_shown(request), status=201, urgent=wire.urgent(documents))


@operations.add("patch_api_pis_person_requests_ID_actions_complete", f"PATCH {PATH}/{{id}}/actions/complete", scope="")
async def complete(call: Call) -> Reply:
    document = call.body(common.SignBody).signed_content
    return Reply(wire.completed(await commands.complete(call.work, call.id("id"), document)))


@operations.add("patch_api_pis_person_requests_ID_actions_reject", f"PATCH {PATH}/{{id}}/actions/reject", scope="")
async def reject(call: Call) -> Reply:
    return Reply(content.own_shown(await commands.reject(call.work, call.id("id"))))


@operations.add("get_api_pis_person_requests_ID", f"GET {PATH}/{{id}}", scope="")
async def get(call: Call) -> Reply:
    request, documents = await queries.own_request(call.work, call.id("id"))
    return Reply(content.own_shown(request), urgent=wire.urgent_of_one(documents))


@operations.add("get_api_pis_person_requests", f"GET {PATH}", scope="")
async def get_list(call: Call) -> Reply:
    asked = call.query(wire.OwnListQuery)
    found, paged = await queries.own_requests(
        call.work, OwnFilter(status=asked.status, channel=asked.channel), call.page()
    )
    return Reply([wire.in_list(each) for each in found], paging=Paging.of(paged))
