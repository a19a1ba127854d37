"""Operations of registration."""

from esoz.central.organisations import legal_entity_whole
from esoz.kernel.operation import Call, Operations, Reply

from . import commands, wire

operations = Operations()

INVITATIONS = "/invitations"  # the page of central that the links of mails lead to


@operations.add("API-005-035-0003", "PUT /api/v2/legal_entities", scope="legal_entity:write")
async def register(call: Call) -> Reply:
    document = call.body(wire.SignedBody).signed_legal_entity_request
    made = await commands.register(call.work, document, page=call.host + INVITATIONS)
    urgent = wire.urgent(made.entity.id, made.secret, made.redirect_uri, made.request.id)
    return Reply(legal_entity_whole(made.entity), 201 if made.is_new else 200, urgent=urgent)


@operations.add(
    "API-005-035-0005", "PATCH /api/legal_entities/{id}/actions/deactivate", scope="legal_entity:deactivate"
)
async def deactivate(call: Call) -> Reply:
    return Reply(legal_entity_whole(await commands.deactivate(call.work, call.id("id"))))
