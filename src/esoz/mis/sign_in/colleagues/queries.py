"""Who of a clinic has a second factor."""

from dataclasses import replace

from esoz.kernel.db import Paged
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from . import store
from .model import Colleague, Event

LONGEST_SEARCH = 100


async def colleagues(page: MisPage) -> Paged:
    """People of the head's clinic, those whom the page's search finds."""
    clinic_id = page.user.work.clinic_id
    await record(page, Event.READ, clinic_id)
    name = page.query.get("name", "")[:LONGEST_SEARCH]
    found = await store.colleagues(page.db, clinic_id, page.user.id, name=name, page=page.list_page())
    people = [Colleague(row["id"], row["name"], row["since"], row["codes_left"], row["passkeys"]) for row in found.rows]
    return replace(found, rows=people)
