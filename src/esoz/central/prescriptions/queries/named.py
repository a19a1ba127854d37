"""What documents of contexts above name of this context, read by who may read those documents (CM-13)."""

from uuid import UUID

from esoz.kernel.work import Work

from ..model import Event
from ..store import dispenses, requests
from .prescriptions import DispenseView, RequestView, dispense_view, request_view


async def named_request(work: Work, person_id: UUID, request_id: UUID, rule: str) -> RequestView:
    """A prescription; never its code. Raises NotFound."""
    request = await requests.find(work.db, person_id, request_id)
    work.record(Event.REQUEST_READ, request.id, patient_id=person_id, rule=rule)
    return await request_view(work, request)


async def named_dispense(work: Work, person_id: UUID, dispense_id: UUID, rule: str) -> DispenseView:
    """What was handed over by a prescription. Raises NotFound."""
    dispense = await dispenses.find(work.db, person_id, dispense_id)
    request = await requests.find(work.db, person_id, dispense.medication_request_id)
    work.record(Event.DISPENSE_READ, dispense.id, patient_id=person_id, rule=rule)
    return dispense_view(work, dispense, request)
