"""A request based on an activity: may it be, and what of the plan it takes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

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
    started_at: datetime | None = None
    ended_at: datetime | None = None


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
    early = wish.started_at is not None and wish.started_at < plan.started_at
    end = wish.ended_at or wish.started_at
    return not early and (plan.ended_at is None or end is None or end <= plan.ended_at)
