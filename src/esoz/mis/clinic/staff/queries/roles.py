"""Which of the clinic's services an employee gives, as central tells."""

from datetime import datetime
from typing import Any

from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import whole

from ..model.employees import Employee
from ..model.roles import EmployeeRole, EmployeeRoles, HealthcareService


async def of_employee(page: MisPage, employee: Employee) -> EmployeeRoles:
    """Raises CentralError, ConsentNeeded."""
    central = await calling(page)
    services = await _services(central)
    answer = await whole(central, "/api/employee_roles", employee_id=employee.employee_id)
    roles = [_role(each, services) for each in answer.rows()]
    held = {each.service.id for each in roles if each.is_active}
    free = [each for each in services.values() if each.id not in held and each.speciality in ("", employee.speciality)]
    return EmployeeRoles(roles, free)


async def _services(central: CentralSession) -> dict[str, HealthcareService]:
    divisions = {each["id"]: each["name"] for each in (await whole(central, "/api/divisions")).rows()}
    answer = await whole(central, "/api/healthcare_services", status="ACTIVE")
    return {each["id"]: _service(each, divisions) for each in answer.rows()}


def _service(found: dict[str, Any], divisions: dict[str, str]) -> HealthcareService:
    category = (found["category"].get("coding") or [{}])[0].get("code", "")
    return HealthcareService(
        found["id"], category, found.get("speciality_type") or "", divisions.get(found["division_id"], "")
    )


def _role(found: dict[str, Any], services: dict[str, HealthcareService]) -> EmployeeRole:
    service = services.get(found["healthcare_service_id"]) or HealthcareService(
        found["healthcare_service_id"], "", "", ""
    )
    days = (found.get("start_date"), found.get("end_date"))
    since, until = (datetime.fromisoformat(day) if day else None for day in days)
    return EmployeeRole(found["id"], service, found["status"] == "ACTIVE", since, until)
