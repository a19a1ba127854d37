"""Spending the link of the mail that lets somebody in for the first time: a password was chosen by it."""

from uuid import UUID

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from ..model.employees import Event, digest_of
from ..store import places


async def spend(page: MisPage, token: str, user_id: UUID) -> None:
    """The first password was set by the link: it leads nowhere any more."""
    await places.use_link(page.db, digest_of(token), user_id, page.now)
    await record(page, Event.WELCOMED, user_id)
