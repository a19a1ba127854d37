"""Drafts and prescriptions that carry out a care plan, for who may read the plan."""

from uuid import UUID

from esoz.central.care_plans import patient_of_plan
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from ..model import Draft, Event, Request
from ..model.drafts import Status as DraftStatus
from ..model.filters import PlanDraftFilter, PlanRequestFilter
from ..model.requests import Status
from ..store import drafts, requests
from .prescriptions import of_today


async def list_drafts(
    work: Work, plan_id: UUID, page: Page, wanted: PlanDraftFilter
) -> tuple[list[tuple[Draft, DraftStatus]], Paged]:
    """The drafts of a care plan, the oldest first. Raises Forbidden, NotFound."""
    person_id = await patient_of_plan(work, plan_id)
    names = ("employee_id", "person_id", "encounter_id", "intent")
    paged = await drafts.search(
        work.db,
        page,
        person_id=person_id,
        legal_entity_id=None,
        now=work.now,
        status=wanted.status,
        filters={"care_plan_id": plan_id, **{name: getattr(wanted, name) for name in names}},
    )
    work.record(Event.DRAFT_READ, plan_id, patient_id=person_id)
    found = [drafts.draft(row) for row in paged.rows]
    return [(draft, draft.status_at(work.now)) for draft in found], paged


async def list_requests(
    work: Work, plan_id: UUID, page: Page, wanted: PlanRequestFilter
) -> tuple[list[tuple[Request, Status]], Paged]:
    """The prescriptions of a care plan, the oldest first. Raises Forbidden, NotFound."""
    person_id = await patient_of_plan(work, plan_id)
    names = (
        "legal_entity_id",
        "employee_id",
        "person_id",
        "request_number",
        "medication_id",
        "intent",
        "encounter_id",
        "medical_program_id",
    )
    paged = await requests.search(
        work.db,
        page,
        person_id=person_id,
        today=work.today,
        status=wanted.status,
        periods=wanted.periods,
        filters={"care_plan_id": plan_id, **{name: getattr(wanted, name) for name in names}},
    )
    work.record(Event.REQUEST_READ, plan_id, patient_id=person_id)
    return of_today(work, paged), paged
