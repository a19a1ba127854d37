"""Publishing banners and taking them down; keeping those in memory fresh."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.banners import Notification
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services

from .. import store
from ..model import HIDDEN, Event


async def publish(page: MisPage, banner: Notification) -> None:
    """Put a banner up at the user's clinic."""
    await store.add(page.db, banner, page.user.id)
    await record(page, Event.PUBLISHED, banner.id, severity=banner.severity)
    page.services.banners.put(await store.open_ones(page.db, page.now))


async def end(page: MisPage, id: UUID) -> None:
    """Take a banner of the user's clinic down. Raises NotFound."""
    if not await store.end(page.db, id, page.user.work.clinic_id, page.now):
        raise NotFound()
    await record(page, Event.ENDED, id)
    page.services.banners.put(await store.open_ones(page.db, page.now))


def hide(page: MisPage, id: UUID) -> None:
    """Not show a banner any more in this session."""
    page.session.put(HIDDEN, [*hidden(page), str(id)])


def hidden(page: MisPage) -> list[str]:
    kept = page.session.data.get(HIDDEN)
    return [str(each) for each in kept] if isinstance(kept, list) else []


async def refresh(services: Services) -> None:
    """Read them anew; for a background work."""
    async with services.database.connection() as db:
        services.banners.put(await store.open_ones(db, services.clock.now()))
