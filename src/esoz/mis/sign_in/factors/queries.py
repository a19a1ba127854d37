"""Who has a second factor, and who needs one."""

from datetime import date

from esoz.mis.base.services import MisPage

from . import store
from .model import FEW_CODES, is_required, required_from


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
