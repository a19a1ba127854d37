"""Operations of the public search for doctors."""

from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import EmployeeSearch, PartySearch

operations = Operations()


@operations.add("get_api_stats_employees", "GET /api/stats/employees", public=True, api_key=False)
async def doctors(call: Call) -> Reply:
    found, paged = await queries.doctors(call.work, call.query(EmployeeSearch), call.page())
    return Reply([wire.doctor_in_list(each) for each in found], paging=Paging.of(paged))


@operations.add("get_api_stats_employees_ID", "GET /api/stats/employees/{id}", public=True, api_key=False)
async def doctor(call: Call) -> Reply:
    return Reply(wire.doctor(await queries.doctor(call.work, call.id("id"))))


@operations.add("get_api_stats_parties", "GET /api/stats/parties", public=True, api_key=False)
async def doctors_in_person(call: Call) -> Reply:
    found, paged = await queries.doctors_in_person(call.work, call.query(PartySearch), call.page())
    return Reply([wire.doctor_in_person(each) for each in found], paging=Paging.of(paged))
