"""The public report."""

from esoz.kernel.operation import Call, Operations, Reply

from . import queries, wire

operations = Operations()


@operations.add("get_reports_stats", "GET /reports/stats", public=True, api_key=False)
async def main(call: Call) -> Reply:
    return Reply(wire.main_numbers(await queries.main_numbers(call.work)))


@operations.add("get_reports_stats_regions", "GET /reports/stats/regions", public=True, api_key=False)
async def regions(call: Call) -> Reply:
    return Reply([wire.region(each) for each in await queries.by_regions(call.work)])


@operations.add("get_reports_stats_histogram", "GET /reports/stats/histogram", public=True, api_key=False)
async def histogram(call: Call) -> Reply:
    return Reply([wire.month(each) for each in await queries.histogram(call.work)])


@operations.add(
    "get_reports_stats_division_ID", "GET /reports/stats/division/{division_id}", public=True, api_key=False
)
async def division(call: Call) -> Reply:
    return Reply(wire.division(await queries.of_division(call.work, call.id("division_id"))))
