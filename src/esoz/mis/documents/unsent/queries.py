"""What the pages ask about unsent work."""

from esoz.kernel.db import Paged
from esoz.mis.base.services import MisPage
from esoz.mis.documents.sync import first_payable_day

from . import store
from .model import Backlog

MOST_IN_FILE = 5000


def asked(page: MisPage) -> store.Asked:
    """Of the present clinic, as the address narrows it."""
    waiting = [section.to_sign.count for section in page.services.sections if section.to_sign]
    name = page.query.get("name", "").strip()[:100]
    return store.Asked(page.user.work.clinic_id, first_payable_day(page.today), waiting, name)


async def by_worker(page: MisPage) -> Paged:
    return await store.by_worker(page.db, asked(page), page.list_page())


async def whole(page: MisPage) -> list[Backlog]:
    return await store.whole(page.db, asked(page), limit=MOST_IN_FILE)
