"""Which of the clinic's services an employee gives: central's employee roles."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling

from ..model.employees import Employee, Event


async def give(page: MisPage, employee: Employee, service_id: str) -> None:
    """Let an employee give a service from now on. Raises CentralError, ConsentNeeded."""
    central = await calling(page)
    body = {"healthcare_service_id": service_id, "employee_id": str(employee.employee_id)}
    answer = await central.post("/api/employee_roles", body)
    await record(page, Event.ROLE_GIVEN, employee.employee_id, role_id=answer.record()["id"])


async def end(page: MisPage, employee: Employee, role_id: UUID) -> None:
    """The employee gives it no more. Raises NotFound for a role of anybody else, CentralError, ConsentNeeded."""
    central = await calling(page)
    found = (await central.get(f"/api/employee_roles/{role_id}")).record()
    if found["employee_id"] != str(employee.employee_id):
        raise NotFound()
    await central.patch(f"/api/employee_roles/{role_id}/actions/deactivate")
    await record(page, Event.ROLE_ENDED, employee.employee_id, role_id=str(role_id))
