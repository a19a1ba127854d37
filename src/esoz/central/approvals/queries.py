"""Questions about approvals, and what a patient has opened to who asks."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from esoz.central.declarations import has_active_declaration
from esoz.central.organisations import LegalEntity, find_legal_entities
from esoz.central.workforce import employees_of_user, find_employee
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import store
from .model import DECLARING_TYPES, Approval, ApprovalFilter, Event, GrantedAccess


async def approvals(
    work: Work, person_id: UUID, wanted: ApprovalFilter, page: Page
) -> tuple[Sequence[Approval], Paged]:
    """A page of approvals: all of them for the doctor whom the patient chose, the own clinic's for others."""
    clinic = None if await has_declaration(work, person_id) else work.actor.client_id
    work.record(Event.APPROVALS_VIEWED, person_id, patient_id=person_id)
    paged = await store.approvals(work.db, person_id, wanted, page, legal_entity_id=clinic, now=work.now)
    return [store.as_approval(row) for row in paged.rows], paged


async def approval(work: Work, person_id: UUID, id: UUID) -> Approval:
    """One approval, visible as in the list. Raises NotFound."""
    found = await store.find_approval(work.db, person_id, id)
    if found.legal_entity_id != work.actor.client_id and not await has_declaration(work, person_id):
        raise NotFound("Approval not found")
    work.record(Event.APPROVALS_VIEWED, id, patient_id=person_id)
    return found


async def own_approvals(work: Work, person_id: UUID, page: Page) -> tuple[Sequence[Approval], Paged]:
    """A page of the approvals of the patient who asks, the newest first: all of them, whichever clinic asked."""
    work.record(Event.APPROVALS_VIEWED, person_id, patient_id=person_id)
    paged = await store.own_approvals(work.db, person_id, page)
    return [store.as_approval(row) for row in paged.rows], paged


async def clinics_of(work: Work, found: Sequence[Approval]) -> Mapping[UUID, LegalEntity]:
    """The clinics that asked for these approvals."""
    return await find_legal_entities(work.db, [each.legal_entity_id for each in found])


async def names_of_doctors(work: Work, found: Sequence[Approval]) -> Mapping[UUID, str]:
    """The names of those who were let in and of those who asked."""
    ids = {id for each in found for id in (each.granted_to_id, each.created_by_id) if id is not None}
    return {id: (await find_employee(work.db, id)).party.full_name for id in ids}


async def granted_access(work: Work, person_id: UUID) -> GrantedAccess:
    """What the patient has opened to the caller."""
    user_id, client_id = work.actor.user_id, work.actor.client_id
    if user_id is None or client_id is None:
        return GrantedAccess()
    employees = await employees_of_user(work.db, user_id, client_id)
    return await store.granted_access(work.db, person_id, [each.id for each in employees], work.now)


async def has_declaration(work: Work, person_id: UUID) -> bool:
    """Whether the caller is the doctor whom the patient chose."""
    user_id, client_id = work.actor.user_id, work.actor.client_id
    if user_id is None or client_id is None:
        return False
    employees = await employees_of_user(work.db, user_id, client_id)
    doctors = [each.id for each in employees if each.employee_type in DECLARING_TYPES]
    if not doctors:
        return False
    return await has_active_declaration(work, person_id, employee_ids=doctors)
