"""Operations of the НСЗУ: declarations on paper are verified or refused."""

from esoz.kernel.operation import Call, Reply

from ..commands import verification as commands
from ..wire.verification import Verdict
from .registry import operations


@operations.add("API-005-013-0005", "PATCH /api/declarations/{id}/actions/approve", scope="declaration:approve")
async def verify(call: Call) -> Reply:
    call.body(Verdict).must_be("active")
    made = await commands.verify(call.work, call.id("id"))
    return Reply({"id": made.id, "status": made.status})


@operations.add("API-005-013-0004", "PATCH /declarations/{id}/reject", scope="declaration:reject")
async def reject(call: Call) -> Reply:
    call.body(Verdict).must_be("closed")
    made = await commands.reject(call.work, call.id("id"))
    return Reply({"id": made.id, "status": made.status})
