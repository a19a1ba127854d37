"""A request based on an activity: may it be, and what of the plan it takes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from esoz.kernel.clock import kyiv_date
from esoz.kernel.errors import Conflict, rejected

from .activities import Activity, Kind
from .plans import CarePlan, must_be_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a request asks for, as the plan looks at it; `place` is where it names the plan."""

    kind: Kind
    request_id: UUID
    care_plan_id: UUID
    activity_id: UUID
    place: str
    product_id: UUID | None = None
    product_code: tuple[str, str] | None = None
    quantity: Decimal | None = None
    first: date | None = None
    last: date | None = None


def must_be_planned(wish: Wish, plan: CarePlan, activity: Activity, now: datetime) -> None:
    """CP-12: status and period of plan and activity, the product, and what is left. Raises Conflict, Rejected."""
    must_be_open(plan, now)
    if not activity.is_open:
        raise Conflict("Invalid activity status")
    if activity.do_not_perform:
        raise Conflict("Activity must not be performed")
    if activity.kind is not wish.kind:
        raise rejected(wish.place, f"Activity must be of kind {wish.kind}")
    if not _same_product(wish, activity):
        raise rejected(wish.place, "Product of the request doesn't match the product of the activity")
    if not _within(wish, plan):
        raise rejected(wish.place, "Period of the request must be within care plan period")
    left = activity.remaining
    if left is None:
        return
    if wish.quantity is None:
        raise rejected(wish.place, "Quantity is required by the activity of the care plan")
    if wish.quantity > left:
        message = "The quantity of the request exceeds the remaining quantity of the activity"
        raise rejected(wish.place, message, params=[float(left)])


def _same_product(wish: Wish, activity: Activity) -> bool:
    if activity.product_code is not None:
        return wish.product_code == (activity.product_system, activity.product_code)
    return wish.product_id == activity.product_id


def _within(wish: Wish, plan: CarePlan) -> bool:
    early = wish.first is not None and wish.first < kyiv_date(plan.started_at)
    last = wish.last or wish.first
    return not early and (plan.ended_at is None or last is None or last <= kyiv_date(plan.ended_at))


def named_pair(care_plan_id: UUID | None, activity_id: UUID | None, place: str) -> tuple[UUID, UUID] | None:
    """CP-12: a request names a plan and what of it it carries out, or neither. Raises Rejected naming `place`."""
    if care_plan_id is None and activity_id is None:
        return None
    if care_plan_id is None or activity_id is None:
        raise rejected(place, "Both care plan and its activity must be present")
    return care_plan_id, activity_id
