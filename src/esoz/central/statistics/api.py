"""The public report."""

from esoz.kernel.operation import Call, Operations, Reply

from . import queries, wire

operations = Operations()


@operations.add("get_reports_stats", "GET /reports/stats", public=True, api_key=False)
async def main(call: Call) -> Reply:
    return Reply(wire.main_numbers(await queries.main_numbers(call.work)))
