"""Questions about who is here."""

from uuid import UUID

from esoz.kernel.db import Connection, Row
from esoz.kernel.pages import JoinedUser
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import Worker
from esoz.mis.sign_in.accounts import lockout

from . import store
from .model import Event, Paused, Previous, Try

MOST_SHOWN = 50


JOINED: JoinedUser[Worker] = JoinedUser(store.OF_SESSION, store.read_worker)


async def load_worker(db: Connection, user_id: UUID) -> Worker | None:
    """The signed-in user, for the page kit."""
    return await store.worker(db, user_id)


async def previous(db: Connection, user_id: UUID) -> Previous:
    """When and from where the user came in before, and what failed since then."""
    return await store.previous(db, user_id, MOST_SHOWN)


async def tries(page: MisPage) -> list[Try]:
    """The user's own tries, the newest first."""
    await record(page, Event.TRIES_READ, page.user.id)
    return await store.tries(page.db, page.user.id, MOST_SHOWN)


async def paused(page: MisPage) -> list[Paused]:
    """People of the user's clinic whose sign-in by password or code is paused now."""
    limits, clinic_id = page.services.limits, page.user.work.clinic_id
    rows = await store.failing(page.db, clinic_id, page.now - 2 * limits.pause)
    await record(page, Event.PAUSES_READ, clinic_id)
    found: dict[UUID, Paused] = {}
    for row in rows:  # passwords and codes pause apart: the later end is told
        until = lockout(row["wrong"], page.now, limits).paused_until
        if until and (row["id"] not in found or until > found[row["id"]].until):
            found[row["id"]] = Paused(row["id"], _name(row), until)
    return list(found.values())


def _name(row: Row) -> str:
    return " ".join(part for part in (row["last_name"], row["first_name"], row["second_name"]) if part)
