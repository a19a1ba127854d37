"""Questions of clinics about what they wrote: drafts, prescriptions, their dispenses."""

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from esoz.central.notices import Kind, last_about, must_be_printed, page_about
from esoz.central.people import contact_method
from esoz.central.programmes import known_settings
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Work

from .. import policy
from ..model import Draft, Event, Request
from ..model.codes import code_of
from ..model.dispenses import Dispense, taken_quantity
from ..model.dispenses import Status as DispenseStatus
from ..model.drafts import Status as DraftStatus
from ..model.filters import DraftFilter, RequestFilter
from ..model.notices import INFORM_WITH, is_told_by_phone
from ..model.requests import Status
from ..store import dispenses, drafts, requests

WITH_CODE = (Kind.PRESCRIPTION_CREATED, Kind.PRESCRIPTION_SENT_AGAIN)


@dataclass(frozen=True, slots=True)
class RequestView:
    """A prescription with its status of today and how much may still be dispensed."""

    request: Request
    status: Status
    remaining: Decimal


class DispenseView(NamedTuple):
    """A dispense with its status of this moment, and its prescription."""

    dispense: Dispense
    status: DispenseStatus
    request: Request
    request_status: Status


async def find_draft(work: Work, person_id: UUID, draft_id: UUID) -> tuple[Draft, DraftStatus]:
    """A draft of our clinic: what its doctor signs."""
    draft = await drafts.find(work.db, person_id, draft_id)
    policy.must_be_ours(work.actor, draft)
    work.record(Event.DRAFT_READ, draft.id, patient_id=person_id)
    return draft, draft.status_at(work.now)


async def list_drafts(
    work: Work, person_id: UUID, page: Page, wanted: DraftFilter
) -> tuple[list[tuple[Draft, DraftStatus]], Paged]:
    """Our clinic's drafts for a person, the oldest first."""
    names = ("employee_id", "episode_id", "care_plan_id", "activity_id", "encounter_id", "intent")
    paged = await drafts.search(
        work.db,
        page,
        person_id=person_id,
        legal_entity_id=_own(work, wanted.legal_entity_id),
        now=work.now,
        status=wanted.status,
        filters={name: getattr(wanted, name) for name in names},
    )
    work.record(Event.DRAFT_READ, person_id, patient_id=person_id)
    found = [drafts.draft(row) for row in paged.rows]
    return [(draft, draft.status_at(work.now)) for draft in found], paged


def _own(work: Work, clinic_id: UUID | None) -> UUID:
    """Clinics see their own; to ask for another's is refused rather than answered with nothing."""
    own = policy.client_of(work.actor)
    if clinic_id not in (None, own):
        raise Forbidden("Access denied")
    return own


async def find_request(work: Work, person_id: UUID, request_id: UUID) -> RequestView:
    """A prescription of our clinic."""
    request = await requests.find(work.db, person_id, request_id)
    policy.must_be_ours(work.actor, request)
    work.record(Event.REQUEST_READ, request.id, patient_id=person_id)
    return await request_view(work, request)


async def request_of_clinic(work: Work, person_id: UUID, request_id: UUID) -> Request:
    """A prescription of our clinic, for contexts above; who asks for it records why."""
    request = await requests.find(work.db, person_id, request_id)
    policy.must_be_ours(work.actor, request)
    return request


async def request_view(work: Work, request: Request) -> RequestView:
    """A prescription as it is today."""
    earlier = await dispenses.of_request(work.db, request.person_id, request.id)
    remaining = max(request.medication_qty - taken_quantity(earlier, work.now), Decimal(0))
    return RequestView(request.at(work.now), request.status_on(work.today), remaining)


async def list_requests(
    work: Work, person_id: UUID, page: Page, wanted: RequestFilter
) -> tuple[list[tuple[Request, Status]], Paged]:
    """Our clinic's prescriptions for a person, the oldest first (MR-20)."""
    names = (
        "employee_id",
        "request_number",
        "medication_id",
        "intent",
        "care_plan_id",
        "encounter_id",
        "episode_id",
        "medical_program_id",
    )
    filters = {name: getattr(wanted, name) for name in names}
    paged = await requests.search(
        work.db,
        page,
        person_id=person_id,
        today=work.today,
        status=wanted.status,
        periods=wanted.periods,
        filters={**filters, "legal_entity_id": _own(work, wanted.legal_entity_id)},
    )
    work.record(Event.REQUEST_READ, person_id, patient_id=person_id)
    return of_today(work, paged), paged


def of_today(work: Work, paged: Paged) -> list[tuple[Request, Status]]:
    """Prescriptions of a page as they are today."""
    found = [requests.request(row).at(work.now) for row in paged.rows]
    return [(request, request.status_on(work.today)) for request in found]


async def printout_of(work: Work, person_id: UUID, request_id: UUID) -> tuple[Request, str | None]:
    """A prescription of our clinic for the note; the code only when no message goes to a phone (MR-21) or none came."""
    request = await requests.find(work.db, person_id, request_id)
    policy.must_be_ours(work.actor, request)
    work.record(Event.REQUEST_PRINTED, request.id, patient_id=person_id)
    contact = await contact_method(work, person_id, request.inform_with, field=INFORM_WITH)
    if is_told_by_phone(request.intent, await known_settings(work, request.medical_program_id), contact):
        # NT-4
        last = await last_about(work.db, person_id, request_id, WITH_CODE)
        if not must_be_printed(last):
            return request, None
    return request, code_of(request, secret=work.dependencies.secret)


async def notices_of(work: Work, person_id: UUID, request_id: UUID, page: Page) -> Paged:
    """What the patient was told about a prescription of our clinic, by which way, the newest first."""
    request = await requests.find(work.db, person_id, request_id)
    policy.must_be_ours(work.actor, request)
    work.record(Event.REQUEST_READ, request.id, patient_id=person_id)
    return await page_about(work.db, page, person_id, request_id)


async def find_dispense(work: Work, person_id: UUID, dispense_id: UUID) -> DispenseView:
    """A dispense by a prescription of our clinic."""
    dispense = await dispenses.find(work.db, person_id, dispense_id)
    request = await requests.find(work.db, person_id, dispense.medication_request_id)
    policy.must_be_ours(work.actor, request)
    work.record(Event.DISPENSE_READ, dispense.id, patient_id=person_id)
    return dispense_view(work, dispense, request)


def dispense_view(work: Work, dispense: Dispense, request: Request) -> DispenseView:
    """A dispense as it is at this moment."""
    status, its = dispense.status_at(work.now), request.status_on(work.today)
    return DispenseView(dispense, status, request.at(work.now), its)


async def list_dispenses(
    work: Work, person_id: UUID, request_id: UUID, page: Page, status: DispenseStatus | None
) -> tuple[list[DispenseView], Paged]:
    """Dispenses by a prescription of our clinic, the oldest first."""
    request = await requests.find(work.db, person_id, request_id)
    policy.must_be_ours(work.actor, request)
    filters = {"person_id": person_id, "medication_request_id": request_id}
    paged = await dispenses.search(work.db, page, now=work.now, status=status, filters=filters)
    work.record(Event.DISPENSE_READ, request_id, patient_id=person_id)
    return [dispense_view(work, dispenses.dispense(row), request) for row in paged.rows], paged
