"""Locking the screen and opening it again."""

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from .model import LOCKED, Event


async def lock(page: MisPage) -> None:
    """The session stays, but none of its pages opens before its user has proved again who they are."""
    page.session.put(LOCKED, True)
    await record(page, Event.LOCKED, page.user.id)


async def unlock(page: MisPage) -> None:
    """The user of this session has proved who they are; for every way of doing that (`Section.unlocks`)."""
    if page.session.pop(LOCKED):
        await record(page, Event.UNLOCKED, page.user.id)
