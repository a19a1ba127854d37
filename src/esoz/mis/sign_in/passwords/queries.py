"""How long the present password of somebody lives."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.mis.base.services import MisPage

from . import store
from .model import REMINDERS, days_left, shortest


async def left(page: MisPage) -> int | None:
    """Days until the user's password ends; 0 when it has ended, None when it does not end."""
    secret = await store.secret(page.db, page.user.id)
    return days_left(secret.set_at, page.now, shortest(page.services.limits.password_days, secret.terms))


async def announced(page: MisPage) -> int | None:
    """Days until the end when there are few of them: for a notice on the desk."""
    found = await left(page)
    return found if found is not None and found <= REMINDERS[0] else None


async def set_at(db: Connection, user_id: UUID) -> datetime:
    """Since when a user has the present password."""
    return (await store.secret(db, user_id)).set_at
