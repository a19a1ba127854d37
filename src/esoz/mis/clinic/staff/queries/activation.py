"""Whose the link of a first sign-in is."""

from uuid import UUID

from esoz.mis.base.services import MisPage

from ..model.employees import TOKEN_LENGTH, digest_of, is_open
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
