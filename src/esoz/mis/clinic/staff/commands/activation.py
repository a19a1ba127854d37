"""The link of the mail that lets somebody in for the first time: a password is chosen by it."""

from uuid import UUID

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from ..model.employees import TOKEN_LENGTH, Event, digest_of, is_open
from ..store import places


async def user_of(page: MisPage, token: str, *, lock: bool = False) -> UUID | None:
    """Whose link this is; None when it leads nowhere (any more), also after a password was chosen in another way."""
    if len(token) != TOKEN_LENGTH:
        return None
    row = await places.link(page.db, digest_of(token), lock=lock)
    if row is None or not row["is_wanted"] or not is_open(row["sent_at"], row["used_at"], page.now):
        return None
    user_id: UUID = row["user_id"]
    return user_id


async def spend(page: MisPage, token: str, user_id: UUID) -> None:
    """The first password was set by the link: it leads nowhere any more."""
    await places.use_link(page.db, digest_of(token), user_id, page.now)
    await record(page, Event.WELCOMED, user_id)
