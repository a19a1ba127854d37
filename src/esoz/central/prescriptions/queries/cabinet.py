"""Questions of patients about their own prescriptions and dispenses (legacy cabinet)."""

from uuid import UUID

from esoz.central.notices import page_about
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Work

from .. import policy
from ..model import Event, Request
from ..model.codes import code_of
from ..model.filters import DispenseFilter, OwnRequestFilter
from ..model.requests import Status
from ..store import dispenses, requests
from .pharmacies import with_requests
from .prescriptions import DispenseView, dispense_view, of_today


async def list_requests(work: Work, page: Page, wanted: OwnRequestFilter) -> tuple[list[tuple[Request, Status]], Paged]:
    """The patient's prescriptions, the oldest first."""
    person_id = policy.patient_of(work.actor)
    if wanted.person_id not in (None, person_id):
        raise Forbidden("Access denied")
    names = ("legal_entity_id", "employee_id", "request_number", "medication_id", "intent", "encounter_id")
    paged = await requests.search(
        work.db,
        page,
        person_id=person_id,
        today=work.today,
        status=wanted.status,
        filters={name: getattr(wanted, name) for name in names},
        periods={"created_at": (wanted.created_from, wanted.created_to)},
    )
    work.record(Event.OWN_REQUESTS_READ, person_id, patient_id=person_id)
    return of_today(work, paged), paged


async def find_request(work: Work, request_id: UUID) -> tuple[Request, Status, str]:
    """One of the patient's prescriptions with the code for the pharmacist; empty when there is none."""
    person_id = policy.patient_of(work.actor)
    request = (await requests.find(work.db, person_id, request_id)).at(work.now)
    work.record(Event.OWN_REQUESTS_READ, request.id, patient_id=person_id)
    return request, request.status_on(work.today), code_of(request, secret=work.dependencies.secret) or ""


async def request_of_patient(work: Work, request_id: UUID) -> tuple[Request, Status]:
    """One of the patient's prescriptions, for contexts above; who asks for it records why."""
    request = await requests.find(work.db, policy.patient_of(work.actor), request_id)
    return request, request.status_on(work.today)


async def notices_of(work: Work, request_id: UUID, page: Page) -> Paged:
    """What the patient was told about one of their prescriptions, the newest first."""
    person_id = policy.patient_of(work.actor)
    await requests.find(work.db, person_id, request_id)
    work.record(Event.OWN_REQUESTS_READ, request_id, patient_id=person_id)
    return await page_about(work.db, page, person_id, request_id)


async def list_dispenses(work: Work, page: Page, wanted: DispenseFilter) -> tuple[list[DispenseView], Paged]:
    """What was dispensed to the patient, the oldest first."""
    person_id = policy.patient_of(work.actor)
    names = ("id", "medication_request_id", "legal_entity_id", "division_id")
    paged = await dispenses.search(
        work.db,
        page,
        now=work.now,
        status=wanted.status,
        dispensed=(wanted.dispensed_from, wanted.dispensed_to),
        filters={**{name: getattr(wanted, name) for name in names}, "person_id": person_id},
    )
    work.record(Event.OWN_DISPENSES_READ, person_id, patient_id=person_id)
    return await with_requests(work, paged), paged


async def find_dispense(work: Work, dispense_id: UUID) -> DispenseView:
    """One dispense to the patient."""
    person_id = policy.patient_of(work.actor)
    dispense = await dispenses.find(work.db, person_id, dispense_id)
    request = await requests.find(work.db, person_id, dispense.medication_request_id)
    work.record(Event.OWN_DISPENSES_READ, dispense.id, patient_id=person_id)
    return dispense_view(work, dispense, request)
