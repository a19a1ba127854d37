"""What a clinic does with its people: dismisses, lets in again."""

from dataclasses import replace
from uuid import UUID

from esoz.kernel.errors import Conflict
from esoz.kernel.pages import mark as _
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.sdk import CentralClosed, CentralRefused, CentralUnavailable, understanding

from ..model.employees import COOLDOWN, DISMISSED, Employee, Event, read_employee, refusal_to_dismiss
from ..queries import employees
from ..store import people, places
from . import departures, workplaces

NO_TAX_ID = _("ЕСОЗ не показала РНОКПП цієї людини, тому вхід надати не вдалося.")


async def dismiss(page: MisPage, employee_id: UUID, reason: str) -> bool:
    """Dismiss in central and end the access here at once; False when central's answer was lost.

    Somebody who was dismissed elsewhere meanwhile is gone too. Raises NotFound, Conflict with words for people,
    CentralRefused, ConsentNeeded.
    """
    employee = await employees.find(page, employee_id, lock=True)
    if fault := refusal_to_dismiss(employee, page.user.employees):
        raise Conflict(fault)
    central = await calling(page)
    try:
        with understanding():
            answer = await central.patch(f"/api/employees/{employee_id}/actions/deactivate")
            gone = read_employee(answer.record(), employee.clinic_id)
    except CentralClosed:  # it did nothing, and a page says why
        raise
    except CentralUnavailable:
        await people.hasten(page.db, employee.clinic_id, page.now)
        return False
    except CentralRefused as refused:
        if refused.status != 409:
            raise
        payload = (await central.get(f"/api/employees/{employee_id}")).record()  # was it dismissed already?
        if payload["status"] != DISMISSED:
            raise
        gone = read_employee(payload, employee.clinic_id)
    await people.dismiss(page.db, replace(employee, status=gone.status, end_date=gone.end_date))
    await record(page, Event.DISMISSED, employee_id, reason=reason)
    await departures.end_of_employee(page.db, employee.clinic_id, employee_id, page.now, reason)
    return True


async def give_access(page: MisPage, employee_id: UUID, email: str) -> bool:
    """Let in an employee who came to the clinic past this system; False when central does not tell who they are.

    What is said afterwards does not depend on whether the person or the address is known here.
    Raises NotFound, CentralError, ConsentNeeded.
    """
    employee = await _working(page, employee_id)
    central = await calling(page)
    answer = await central.get(f"/api/employees/{employee_id}")
    tax_id = answer.record()["party"].get("tax_id")
    if not tax_id:
        return False
    await workplaces.join(page.db, page.services, workplaces.Newcomer(employee, tax_id, email))
    await record(page, Event.INVITED, employee_id)
    return True


async def _working(page: MisPage, employee_id: UUID) -> Employee:
    employee = await employees.find(page, employee_id, lock=True)
    if not employee.works:
        raise Conflict()
    return employee


async def send_again(page: MisPage, employee_id: UUID) -> bool:
    """Mail somebody how to come in; False when this was done a moment ago. Raises NotFound."""
    employee = await _working(page, employee_id)
    access = await places.access_of(page.db, employee.clinic_id, employee_id)
    if access.user_id is None:
        raise Conflict()
    if access.invited_at is not None and page.now - access.invited_at < COOLDOWN:
        return False
    await workplaces.tell(page.db, page.services, employee.clinic_id, access.user_id, access.email)
    await record(page, Event.INVITED, employee_id)
    return True
