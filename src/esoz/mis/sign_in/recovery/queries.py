"""Whose a link of recovery is."""

from uuid import UUID

from esoz.mis.base.services import MisPage

from . import store
from .model import TOKEN_LENGTH, digest_of, is_open


async def user_of(page: MisPage, token: str, *, lock: bool = False) -> UUID | None:
    """Whose link this is; None when it leads nowhere (any more)."""
    if len(token) != TOKEN_LENGTH:
        return None
    row = await store.find(page.db, digest_of(token), lock=lock)
    open_ = row is not None and is_open(row["sent_at"], row["used_at"], page.now)
    return row["user_id"] if row is not None and open_ else None
