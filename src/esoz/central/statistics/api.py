"""The public report."""

from esoz.kernel.operation import Call, Operations, Reply

from . import queries
from .model import Event

operations = Operations()


@operations.add("get_reports_stats", "GET /reports/stats", public=True, api_key=False)
async def main(call: Call) -> Reply:
    call.work.record(Event.READ, "main")
    return Reply(await queries.main(call.work.db))
