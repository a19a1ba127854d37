"""Who has a second factor, and who needs one."""

from collections.abc import Sequence
from datetime import date

from ..journal import record
from ..services import MisPage
from . import store
from .model import FEW_CODES, Colleague, Event, is_required, required_from


async def must_enrol(page: MisPage) -> bool:
    """Whether the user's clinic wants a second factor by now, and they have none."""
    days = await store.required_days(page.db, page.user.id)
    return is_required(days, page.today) and not await store.exists(page.db, page.user.id)


async def announced(page: MisPage) -> date | None:
    """The day from which the user will need a second factor, when they have none yet."""
    day = required_from(await store.required_days(page.db, page.user.id))
    return None if day is None or await store.exists(page.db, page.user.id) else day


async def few_codes(page: MisPage) -> int | None:
    """How many recovery codes are left when they are few; None when there are enough, or no second factor."""
    if not await store.exists(page.db, page.user.id):
        return None
    left = await store.codes_left(page.db, page.user.id)
    return left if left <= FEW_CODES else None


async def colleagues(page: MisPage) -> Sequence[Colleague]:
    """The people of the head's clinic."""
    clinic_id = page.user.work.clinic_id
    await record(page, Event.COLLEAGUES_READ, clinic_id)
    return await store.colleagues(page.db, clinic_id, page.user.id)
