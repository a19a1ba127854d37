"""Operations of healthcare services and of employee roles."""

from esoz.central.organisations import client_of
from esoz.kernel.operation import Call, Operations, Paging, Reply

from . import commands, queries, wire
from .model import EmployeeRoleFilter, HealthcareServiceFilter

operations = Operations()

WRITE, READ = "healthcare_service:write", "healthcare_service:read"


@operations.add("get_api_healthcare_services", "GET /api/healthcare_services", scope=READ)
async def services(call: Call) -> Reply:
    found, paged = await queries.services(call.work, call.query(HealthcareServiceFilter), call.page())
    return Reply([wire.service(each) for each in found], paging=Paging.of(paged))


@operations.add("get_api_healthcare_services_ID", "GET /api/healthcare_services/{id}", scope=READ)
async def service(call: Call) -> Reply:
    return Reply(wire.service(await queries.service(call.work, call.id("id"))))


@operations.add("post_api_healthcare_services", "POST /api/healthcare_services", scope=WRITE)
async def create_service(call: Call) -> Reply:
    details = call.body(wire.ServiceBody).details()
    made = await commands.create_service(call.work, details, legal_entity_id=client_of(call.work.actor))
    return Reply(wire.service(made), 201)


@operations.add("patch_api_healthcare_services_ID", "PATCH /api/healthcare_services/{id}", scope=WRITE)
async def update_service(call: Call) -> Reply:
    schedule = call.body(wire.ScheduleBody).schedule()
    return Reply(wire.service(await commands.update_service(call.work, call.id("id"), schedule)))


@operations.add(
    "patch_api_healthcare_services_ID_actions_activate",
    "PATCH /api/healthcare_services/{id}/actions/activate",
    scope=WRITE,
)
async def activate_service(call: Call) -> Reply:
    return Reply(wire.service(await commands.activate_service(call.work, call.id("id"))))


@operations.add(
    "patch_api_healthcare_services_ID_actions_deactivate",
    "PATCH /api/healthcare_services/{id}/actions/deactivate",
    scope=WRITE,
)
async def deactivate_service(call: Call) -> Reply:
    return Reply(wire.service(await commands.deactivate_service(call.work, call.id("id"))))


@operations.add("API-005-025-0001", "POST /api/employee_roles", scope="employee_role:write")
async def create_role(call: Call) -> Reply:
    body = call.body(wire.RoleBody)
    made = await commands.create_role(
        call.work,
        healthcare_service_id=body.healthcare_service_id,
        employee_id=body.employee_id,
        legal_entity_id=client_of(call.work.actor),
    )
    return Reply(wire.role(made), 201)


@operations.add("API-005-025-0002", "GET /api/employee_roles", scope="employee_role:read")
async def roles(call: Call) -> Reply:
    found, paged = await queries.roles(call.work, call.query(EmployeeRoleFilter), call.page())
    return Reply([wire.role(each) for each in found], paging=Paging.of(paged))


@operations.add("API-005-025-0003", "GET /api/employee_roles/{id}", scope="employee_role:read")
async def role(call: Call) -> Reply:
    return Reply(wire.role(await queries.role(call.work, call.id("id"))))


@operations.add("API-005-025-0004", "PATCH /api/employee_roles/{id}/actions/deactivate", scope="employee_role:write")
async def deactivate_role(call: Call) -> Reply:
    return Reply(wire.role(await commands.deactivate_role(call.work, call.id("id"))))
