"""Questions about care plans; each read leaves a line for the patient."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from esoz.central.organisations import client_of, known_legal_entity
from esoz.central.people import ContactMethod, Person, contact_method, find_person, patient_of
from esoz.central.records import Hidden, access_rule, hidden_from
from esoz.kernel.db import Connection, Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.references import Referent
from esoz.kernel.work import Work

from . import policy, store
from .model import Activity, CarePlan, Event
from .model.filters import ActivityFilter, NumberFilter, OwnFilter, PlanFilter
from .model.views import View

KIND = "care_plan"
INFORM_WITH = "$.inform_with.auth_method_id"


async def plans(work: Work, person_id: UUID, wanted: PlanFilter, page: Page) -> tuple[Sequence[View], Paged]:
    """A page of a patient's plans. Raises Forbidden when the list could hold what the caller may not see, NotFound."""
    own = work.actor.client_id in wanted.clinics
    rule = await access_rule(work, person_id, KIND, frozenset(), own=own)
    await find_person(work.db, person_id)
    paged = await store.plans(work.db, person_id, wanted, page)
    work.record(Event.VIEWED, person_id, patient_id=person_id, rule=rule)
    return await _views(work, paged), paged


async def _views(work: Work, paged: Paged) -> list[View]:
    return [await _view(work, store.plan_of(row)) for row in paged.rows]


async def _view(work: Work, plan: CarePlan) -> View:
    hidden = await hidden_from(work, plan.person_id)
    clinic = await known_legal_entity(work, plan.legal_entity_id)
    return View(_without_words(plan, hidden), clinic.name)


def _without_words(plan: CarePlan, hidden: Hidden) -> CarePlan:
    """AB-7: what a forbidden group hides from the reader is pointed at, and nobody says what it is."""
    return replace(plan, content=hidden.without_words(plan.content)) if hidden.ids else plan


async def plan(work: Work, person_id: UUID, id: UUID) -> View:
    """A plan. Raises Forbidden, NotFound."""
    found = await _readable(work, person_id, id)
    return await _view(work, found)


async def _readable(work: Work, person_id: UUID, id: UUID) -> CarePlan:
    """CP-13: the own clinic's, or opened by the patient. Who may see nothing is not told whether it is there."""
    found = await store.plan_or_none(work.db, person_id, id)
    ids = frozenset({id} | ({found.episode_id} if found and found.episode_id else set()))
    rule = await access_rule(work, person_id, KIND, ids, own=found is not None and policy.is_ours(work.actor, found))
    if found is None:
        raise NotFound(policy.NOT_FOUND)
    work.record(Event.VIEWED, id, patient_id=person_id, rule=rule)
    return found


async def contact(work: Work, plan: CarePlan) -> ContactMethod:
    """How the patient of a plan is told."""
    return await contact_method(work, plan.person_id, plan.inform_with, field=INFORM_WITH)


async def activities(
    work: Work, key: tuple[UUID, UUID], wanted: ActivityFilter, page: Page
) -> tuple[Sequence[Activity], Paged]:
    """A page of what a plan plans; `key`: whose plan, which. Raises Forbidden, NotFound."""
    found = await _readable(work, *key)
    paged = await store.activities(work.db, found.person_id, found.id, wanted, page)
    hidden = await hidden_from(work, found.person_id)
    return [_told(store.activity_of(row), hidden) for row in paged.rows], paged


def _told(activity: Activity, hidden: Hidden) -> Activity:
    return replace(activity, content=hidden.without_words(activity.content)) if hidden.ids else activity


async def activity(work: Work, key: tuple[UUID, UUID], id: UUID) -> Activity:
    """One of them. Raises Forbidden, NotFound."""
    plan = await _readable(work, *key)
    found = await store.find_activity(work.db, plan.person_id, plan.id, id)
    return _told(found, await hidden_from(work, plan.person_id))


async def search(work: Work, wanted: NumberFilter, page: Page) -> tuple[Sequence[tuple[View, Person]], Paged]:
    """CP-15: who has the number may see the plan, whichever clinic they work in; nothing is found by another."""
    client_of(work.actor)
    paged = await store.by_number(work.db, wanted.requisition.strip().upper(), wanted.status, page)
    if not paged.rows:
        work.record(Event.FOUND, "")
    found = await _views(work, paged)
    for each in found:
        work.record(Event.FOUND, each.plan.id, patient_id=each.plan.person_id)
    return [(each, await find_person(work.db, each.plan.person_id)) for each in found], paged


async def own_plans(work: Work, wanted: OwnFilter, page: Page) -> tuple[Sequence[View], Paged]:
    """A page of the plans of the patient who asks, the newest first. Raises Forbidden when no patient does."""
    return await plans(work, patient_of(work.actor), PlanFilter(status=wanted.status), page)


async def own_plan(work: Work, id: UUID) -> View:
    """A plan of the patient who asks. Raises Forbidden, NotFound."""
    return await plan(work, patient_of(work.actor), id)


async def own_activities(work: Work, id: UUID, page: Page) -> tuple[Sequence[Activity], Paged]:
    """What a plan of the patient who asks plans. Raises Forbidden, NotFound."""
    return await activities(work, (patient_of(work.actor), id), ActivityFilter(), page)


async def patient_of_plan(work: Work, id: UUID) -> UUID:
    """Whose plan this is, for who may read it. Raises Forbidden, NotFound."""
    person_id = await store.person_of(work.db, id)
    await _readable(work, person_id, id)
    return person_id


async def resolve_plans(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """The care plans of this patient among `ids`: named by requests, opened by approvals."""
    found = await store.known_plans(db, person_id, ids)
    return {id: Referent(each.content["title"]) for id, each in found.items()}


async def resolve_activities(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Referent]:
    """What is planned for this patient among `ids`, by the name of the product."""
    found = await store.known_activities(db, person_id, ids)
    return {id: Referent(_title(each)) for id, each in found.items()}


def _title(activity: Activity) -> str:
    named: str = activity.content["detail"].get("product_reference", {}).get("display_value", "")
    return named or activity.product_code or ""
