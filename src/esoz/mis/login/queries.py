"""Questions about who is here."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.db import Connection

from ..workplace import Worker
from . import store
from .model import Previous


async def load_worker(db: Connection, user_id: UUID) -> Worker | None:
    """The signed-in user, for the page kit."""
    return await store.worker(db, user_id)


async def roles_at(db: Connection, user_id: UUID, clinic_id: UUID) -> Sequence[str]:
    """All roles of a user at one clinic: central gives one token for them together."""
    return await store.roles_at(db, user_id, clinic_id)


async def previous(db: Connection, user_id: UUID) -> Previous:
    """When the user came in before, and wrong tries since then."""
    return await store.previous(db, user_id)
