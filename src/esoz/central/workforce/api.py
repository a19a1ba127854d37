"""Operations of employees."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .store import Asked

operations = Operations()


@operations.add("API-005-023-0001", "GET /api/employees", scope="employee:read")
async def employees(call: Call) -> Reply:
    found, paged = await queries.employees(call.work, call.query(Asked), call.page())
    places = await queries.places(call.work.db, found)
    return Reply([wire.employee_in_list(each, *places[each.id]) for each in found], paging=Paging.of(paged))


@operations.add("API-005-023-0002", "GET /api/employees/{employee_id}", scope="employee:details")
async def employee(call: Call) -> Reply:
    found = await queries.employee(call.work, call.id("employee_id"))
    places = await queries.places(call.work.db, [found])
    return Reply(wire.employee(found, *places[found.id]))
