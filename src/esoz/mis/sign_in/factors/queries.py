"""Who has a second factor, and who needs one."""

from datetime import date

from esoz.mis.base.services import MisPage

from . import store
from .model import FEW_CODES, is_required, required_from


async def must_enrol(page: MisPage) -> bool:
    """Whether the user's clinic wants a second factor by now, and they have none."""
    days = await store.required_days(page.db, page.user.id)
    return is_required(days, page.today) and not await store.exists(page.db, page.user.id)


async def announced(page: MisPage) -> tuple[int | None, date | None]:
    """How many recovery codes are left when they are few; without a second factor, the day from which it is needed."""
    codes, days = await store.notable(page.db, page.user.id)
    if codes is None:
        return None, required_from(days)
    return codes if codes <= FEW_CODES else None, None
