"""Who has a second factor, and who needs one."""

from dataclasses import replace
from datetime import date

from esoz.kernel.db import Paged
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from . import store
from .model import FEW_CODES, Colleague, Event, is_required, required_from

LONGEST_SEARCH = 100


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


async def colleagues(page: MisPage) -> Paged:
    """People of the head's clinic, those whom the page's search finds."""
    clinic_id = page.user.work.clinic_id
    await record(page, Event.COLLEAGUES_READ, clinic_id)
    name = page.query.get("name", "")[:LONGEST_SEARCH]
    found = await store.colleagues(page.db, clinic_id, page.user.id, name=name, page=page.list_page())
    people = [Colleague(row["id"], row["name"], row["since"], row["codes_left"], row["passkeys"]) for row in found.rows]
    return replace(found, rows=people)
