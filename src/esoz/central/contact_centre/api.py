"""Operations of complaints, for the patients themselves."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire

operations = Operations()


@operations.add("esoz_access_complaint_create", "POST /api/pis/access_complaints", scope="person:sign_in")
async def complain(call: Call) -> Reply:
    body = call.body(wire.ComplaintBody)
    return Reply(wire.complaint(await commands.complain(call.work, body.text.strip(), body.line)), status=201)


@operations.add("esoz_access_complaints", "GET /api/pis/access_complaints", scope="person:sign_in")
async def own_complaints(call: Call) -> Reply:
    found, paged = await queries.own_complaints(call.work, call.page())
    return Reply([wire.complaint(each) for each in found], paging=Paging.of(paged))
