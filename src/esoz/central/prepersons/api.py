"""Operations of unidentified patients."""

from esoz.central.organisations import client_of
from esoz.kernel.operation import Call, Operations, Reply

from . import commands, queries, wire
from .model import PrepersonDetails

operations = Operations()

PATH = "/api/prepersons"


@operations.add("post_api_prepersons", f"POST {PATH}", scope="preperson:write")
async def create(call: Call) -> Reply:
    details = call.body(PrepersonDetails)
    made = await commands.create(call.work, details, legal_entity_id=client_of(call.work.actor))
    return Reply(wire.preperson(made), 201)


@operations.add("get_api_prepersons_ID", f"GET {PATH}/{{id}}", scope="preperson:read", patient="id")
async def read(call: Call) -> Reply:
    return Reply(wire.preperson(await queries.preperson(call.work, call.id("id"))))


@operations.add("patch_api_prepersons_ID", f"PATCH {PATH}/{{id}}", scope="preperson:write", patient="id")
async def update(call: Call) -> Reply:
    return Reply(wire.preperson(await commands.update(call.work, call.id("id"), call.body(PrepersonDetails))))
