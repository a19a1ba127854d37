"""Which of the clinic's services an employee gives: central's employee roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import Line, calling

from ..model.employees import Employee, Event

MOST = 300  # GW-8: central gives no longer pages
# The types of employees that services are given by, as central takes them.
GIVING = frozenset({"DOCTOR", "SPECIALIST", "ASSISTANT", "MED_COORDINATOR", "LABORANT", "PHARMACIST"})


@dataclass(frozen=True, slots=True)
class Service:
    """A healthcare service of the clinic."""

    id: str
    category: str
    speciality: str
    division: str


@dataclass(frozen=True, slots=True)
class Given:
    """A service that an employee gives or gave."""

    id: str
    service: Service
    is_active: bool
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Giving:
    """What an employee gives, and what of the clinic's services they could give besides."""

    given: Sequence[Given]
    free: Sequence[Service]


async def giving(page: MisPage, employee: Employee) -> Giving:
    """Raises CentralError, ConsentNeeded."""
    line = await calling(page)
    services = await _services(line)
    answer = await line.get("/api/employee_roles", employee_id=employee.employee_id, page_size=MOST)
    given = [_given(each, services) for each in answer.data or ()]
    held = {each.service.id for each in given if each.is_active}
    free = [each for each in services.values() if each.id not in held and each.speciality in ("", employee.speciality)]
    return Giving(given, free)


async def _services(line: Line) -> dict[str, Service]:
    divisions = {each["id"]: each["name"] for each in (await line.get("/api/divisions", page_size=MOST)).data or ()}
    answer = await line.get("/api/healthcare_services", status="ACTIVE", page_size=MOST)
    return {each["id"]: _service(each, divisions) for each in answer.data or ()}


def _service(told: dict[str, Any], divisions: dict[str, str]) -> Service:
    category = (told["category"].get("coding") or [{}])[0].get("code", "")
    return Service(told["id"], category, told.get("speciality_type") or "", divisions.get(told["division_id"], ""))


def _given(told: dict[str, Any], services: dict[str, Service]) -> Given:
    service = services.get(told["healthcare_service_id"]) or Service(told["healthcare_service_id"], "", "", "")
    days = (told.get("start_date"), told.get("end_date"))
    since, until = (datetime.fromisoformat(day) if day else None for day in days)
    return Given(told["id"], service, told["status"] == "ACTIVE", since, until)


async def give(page: MisPage, employee: Employee, service_id: str) -> None:
    """Let an employee give a service from now on. Raises CentralError, ConsentNeeded."""
    line = await calling(page)
    body = {"healthcare_service_id": service_id, "employee_id": str(employee.employee_id)}
    answer = await line.post("/api/employee_roles", body)
    await record(page, Event.ROLE_GIVEN, employee.employee_id, role_id=answer.data["id"])


async def end(page: MisPage, employee: Employee, role_id: UUID) -> None:
    """The employee gives it no more. Raises NotFound for a role of anybody else, CentralError, ConsentNeeded."""
    line = await calling(page)
    told = (await line.get(f"/api/employee_roles/{role_id}")).data
    if told["employee_id"] != str(employee.employee_id):
        raise NotFound()
    await line.patch(f"/api/employee_roles/{role_id}/actions/deactivate")
    await record(page, Event.ROLE_ENDED, employee.employee_id, role_id=str(role_id))
