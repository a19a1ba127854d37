"""Operations of the public search for doctors, and whole registers for patients' systems."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from esoz.kernel.db import Page, Paged
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import queries, wire
from .model import MOST_ROWS, ChangesFilter, DivisionSearch, EmployeeSearch, PartySearch

R = TypeVar("R")

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


@operations.add("get_reports_stats_divisions", "GET /reports/stats/divisions", public=True, api_key=False)
async def places(call: Call) -> Reply:
    found, paged = await queries.places(call.work, call.query(DivisionSearch), call.page())
    return Reply([wire.place(each) for each in found], paging=Paging.of(paged))


BULK = "/api/pis/bulk"


@operations.add("get_api_pis_bulk_legal_entities", f"GET {BULK}/legal_entities", public=True)
async def all_legal_entities(call: Call) -> Reply:
    found = await queries.legal_entities(call.work, call.query(ChangesFilter), _page(call))
    return _listed(*found, wire.legal_entity_of_register)


@operations.add("get_api_pis_bulk_divisions", f"GET {BULK}/divisions", public=True)
async def all_divisions(call: Call) -> Reply:
    found = await queries.divisions(call.work, call.query(ChangesFilter), _page(call))
    return _listed(*found, wire.division_of_register)


@operations.add("API-005-023-0004", f"GET {BULK}/employees", public=True)
async def all_employees(call: Call) -> Reply:
    found = await queries.employees(call.work, call.query(ChangesFilter), _page(call))
    return _listed(*found, wire.employee_of_register)


@operations.add("get_api_pis_bulk_parties", f"GET {BULK}/parties", public=True)
async def all_parties(call: Call) -> Reply:
    found = await queries.practitioners(call.work, call.query(ChangesFilter), _page(call))
    return _listed(*found, wire.practitioner_of_register)


@operations.add("get_api_pis_bulk_healthcare_services", f"GET {BULK}/healthcare_services", public=True)
async def all_healthcare_services(call: Call) -> Reply:
    found = await queries.services(call.work, call.query(ChangesFilter), _page(call))
    return _listed(*found, wire.service_of_register)


@operations.add("API-005-023-0005", f"GET {BULK}/employee_roles", public=True)
async def all_employee_roles(call: Call) -> Reply:
    found = await queries.roles(call.work, call.query(ChangesFilter), _page(call))
    return _listed(*found, wire.role_of_register)


@operations.add("API-005-013-0006", f"GET {BULK}/declarations_limit", public=True)
async def declarations_limit(call: Call) -> Reply:
    return _listed(*await queries.loads(call.work, _page(call)), wire.load)


def _page(call: Call) -> Page:
    """The page asked for; as many rows as one may have when no size is said."""
    page = call.page(limit=MOST_ROWS)
    return page if "page_size" in dict(call.parameters) else replace(page, size=MOST_ROWS)


def _listed(rows: Sequence[R], paged: Paged, shown: Callable[[R], object]) -> Reply:
    return Reply([shown(each) for each in rows], paging=Paging.of(paged))
