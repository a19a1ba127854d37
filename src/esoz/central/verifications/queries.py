"""Questions about telephones."""

from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import store
from .model import Event


async def must_be_verified(work: Work, phone: str) -> None:
    """Raise NotFound for a telephone that was never verified."""
    if not await is_verified(work, phone):
        raise NotFound()


async def is_verified(work: Work, phone: str) -> bool:
    """Was this telephone verified once; only a yes tells something, so only a yes leaves a line."""
    found = await store.is_verified(work.db, phone)
    if found:
        work.record(Event.READ, "phone")
    return found
