"""Requests of contexts above that carry out a plan: what they take of it, and what comes back."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from esoz.central.approvals import granted_access, has_declaration
from esoz.kernel.errors import Forbidden, NotFound, rejected
from esoz.kernel.work import Work

from .. import policy, store
from ..model import Activity, CarePlan, Wish
from ..model.activities import Status, moved
from ..model.uses import must_be_planned

KIND = "care_plan"


async def check_wish(work: Work, person_id: UUID, wish: Wish) -> None:
    """CP-12: whether a request may stand on an activity, without taking anything. Raises Rejected, Conflict."""
    await _found(work, person_id, wish, lock=False)


async def take(work: Work, person_id: UUID, wish: Wish) -> None:
    """CP-12: a request stands on an activity: less is left of it, of two at once as well. Raises as `check_wish`."""
    _, activity = await _found(work, person_id, wish, lock=True)
    quantity = wish.quantity or Decimal(0)
    now, by = work.performed_at, policy.user_of(work.actor)
    taken = replace(activity, used=activity.used + (quantity if activity.quantity is not None else 0), updated_at=now)
    if activity.status is Status.SCHEDULED:
        taken = replace(taken, **moved(activity, Status.IN_PROGRESS, now, by))
    await store.save_activity(work.db, taken)
    await store.add_use(work.db, person_id, wish.request_id, activity.id, quantity)


async def give_back(work: Work, person_id: UUID, request_id: UUID, *, spent: Decimal = Decimal(0)) -> None:
    """CP-12: a request was taken back or has expired: what it asked for is left again, but for what was given."""
    await store.drop_use(work.db, person_id, request_id, spent, work.performed_at)


async def _found(work: Work, person_id: UUID, wish: Wish, *, lock: bool) -> tuple[CarePlan, Activity]:
    plan = await store.plan_or_none(work.db, person_id, wish.care_plan_id, lock=lock)
    if plan is None:
        raise rejected(wish.place, "Care plan with such id is not found")
    await _must_be_open_to(work, plan)
    try:
        activity = await store.find_activity(work.db, person_id, plan.id, wish.activity_id, lock=lock)
    except NotFound as fault:
        raise rejected(wish.place, "Activity with such id is not found in the care plan") from fault
    must_be_planned(wish, plan, activity, work.now)
    return plan, activity


async def _must_be_open_to(work: Work, plan: CarePlan) -> None:
    """CP-13: of another clinic's plan one needs the patient's approval, or to be the doctor whom they chose."""
    if policy.is_ours(work.actor, plan) or await has_declaration(work, plan.person_id):
        return
    if not (await granted_access(work, plan.person_id)).lets_in(KIND, frozenset({plan.id})):
        raise Forbidden("Access denied. You have no active approval on the care plan")
