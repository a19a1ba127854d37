"""Operations of requests about who speaks for a person."""

from esoz.kernel.operation import Call, Paging, Reply

from .. import content, queries
from ..commands import relationships as commands
from ..model.relationships import Action
from ..wire import relationships as wire
from ..wire import requests as common
from .registry import operations

PATH = "/api/persons/{id}/confidant_person_relationship_requests"
ONE = f"{PATH}/{{confidant_person_relationship_request_id}}"
NAME = "api_persons_ID_confidant_person_relationship_requests"
KEY = "confidant_person_relationship_request_id"
READ, WRITE = "confidant_person_relationship_request:read", "confidant_person_relationship_request:write"


@operations.add(f"post_{NAME}", f"POST {PATH}", scope=WRITE, patient="id")
async def create(call: Call) -> Reply:
    body = call.body(wire.InsertBody)
    order = commands.Order(
        action=Action.INSERT,
        confidant_person_id=body.confidant_person_id,
        documents=body.documents_relationship,
    )
    return await _created(call, order)


@operations.add(f"post_{NAME}_deactivate", f"POST {PATH}/deactivate", scope=WRITE, patient="id")
async def deactivate(call: Call) -> Reply:
    return await _about_right(call, Action.DEACTIVATE)


@operations.add(f"post_{NAME}_update", f"POST {PATH}/update", scope=WRITE, patient="id")
async def update(call: Call) -> Reply:
    return await _about_right(call, Action.UPDATE)


async def _about_right(call: Call, action: Action) -> Reply:
    body = call.body(wire.OfRightBody)
    order = commands.Order(
        action=action,
        relationship_id=body.confidant_person_relationship.id,
        documents=body.confidant_person_relationship.documents_relationship,
        authorize_with=body.authorize_with,
    )
    return await _created(call, order)


async def _created(call: Call, order: commands.Order) -> Reply:
    request, documents = await commands.create(call.work, call.id("id"), order)
    return Reply(content.relationship_request(request), status=201, urgent=wire.urgent(request, documents))


@operations.add(f"get_{NAME}", f"GET {PATH}", scope=READ, patient="id")
async def get_list(call: Call) -> Reply:
    status, page = call.query(wire.StatusQuery).status, call.page()
    found, paged = await queries.relationship_requests(call.work, call.id("id"), status, page)
    return Reply([wire.in_list(each) for each in found], paging=Paging.of(paged))


@operations.add(f"get_{NAME}_ID", f"GET {ONE}", scope=READ, patient="id")
async def get(call: Call) -> Reply:
    request = await queries.relationship_request(call.work, call.id("id"), call.id(KEY))
    return Reply(content.relationship_request(request))


@operations.add(f"patch_{NAME}_ID_actions_approve", f"PATCH {ONE}/actions/approve", scope=WRITE, patient="id")
async def approve(call: Call) -> Reply:
    code = call.body(common.ApproveBody).verification_code
    request = await commands.approve(call.work, call.id("id"), call.id(KEY), code)
    return Reply(content.relationship_request(request))


@operations.add(f"patch_{NAME}_ID_actions_sign", f"PATCH {ONE}/actions/sign", scope=WRITE, patient="id")
async def sign(call: Call) -> Reply:
    document = call.body(common.SignBody).signed_content
    request = await commands.sign(call.work, call.id("id"), call.id(KEY), document)
    return Reply(content.relationship_request(request))


@operations.add(f"post_{NAME}_ID_actions_resend_otp", f"POST {ONE}/actions/resend_otp", scope=WRITE, patient="id")
async def resend(call: Call) -> Reply:
    return Reply(common.code_sent(await commands.resend(call.work, call.id("id"), call.id(KEY))))
