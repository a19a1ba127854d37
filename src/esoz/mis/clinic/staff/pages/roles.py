"""Which services of the clinic an employee gives."""

from starlette.responses import Response

from esoz.kernel.errors import Conflict
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import STAFF_KEEPERS
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused

from ..commands import roles
from ..model.employees import Employee
from ..queries import employees
from ..queries.roles import of_employee
from .registry import pages

GIVEN = _("Послугу додано.")
ENDED = _("Послугу завершено.")
NO_SERVICE = _("Оберіть послугу.")


@pages.add("GET /staff/{id}/roles", roles=STAFF_KEEPERS)
async def listed(page: MisPage) -> Response:
    return await _listed(page, await employees.find(page, page.id()), {})


async def _listed(page: MisPage, employee: Employee, errors: dict[str, str]) -> Response:
    return page.render(
        "staff/roles.html",
        status=422 if errors else 200,
        keep=False,
        employee=employee,
        roles=await of_employee(page, employee),
        errors=errors,
    )


@pages.add("POST /staff/{id}/roles", roles=STAFF_KEEPERS)
async def give(page: MisPage) -> Response:
    employee = await employees.find(page, page.id())
    if not employee.works:
        raise Conflict()
    service = page.form.text("service")
    if not service:
        return await _listed(page, employee, {"service": NO_SERVICE})
    try:
        await roles.give(page, employee, service)
    except CentralRefused as refused:
        if refused.status not in (409, 422):
            raise
        explanation = explain(page, refused)[0]
        return await _listed(page, employee, {"service": explanation.filled(page.gettext(explanation.text))})
    page.flash(GIVEN)
    return page.redirect(f"/staff/{employee.employee_id}/roles")


@pages.add("POST /staff/{id}/roles/{role}", roles=STAFF_KEEPERS)
async def end(page: MisPage) -> Response:
    employee = await employees.find(page, page.id())
    await roles.end(page, employee, page.id("role"))
    page.flash(ENDED)
    return page.redirect(f"/staff/{employee.employee_id}/roles")
