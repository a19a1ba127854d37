"""Banners of the operator, by who has the server in their hands: `esoz mis-banner`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel import audit
from esoz.kernel.clock import KYIV, SystemClock, new_id
from esoz.kernel.db import Connection, Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.kernel.work import NOBODY, AuditEntry
from esoz.mis.base.banners import Notification, Severity

from .. import store
from ..model import LONGEST_TEXT, Event, is_term, moment


@dataclass(frozen=True, slots=True)
class BannerRequest:
    """What the command line asks for: a new banner, or the end of one, or neither: the list."""

    text: str = ""
    severity: Severity = "danger"
    begins: str = ""
    ends: str = ""
    end: UUID | None = None


async def run(settings: Settings, request: BannerRequest) -> list[str]:
    """Do it; return the banners of the operator that stand afterwards, a line for each.

    Raises ValueError for a text, a term or an id that may not be.
    """
    database = Database(database_url(settings, "mis"), size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            now = SystemClock().now()
            if request.end is not None:
                await end(db, request.end, now)
            elif request.text:
                await publish(db, request, now)
            found = [each for each in await store.open_ones(db, now) if each.clinic_id is None]
    finally:
        await database.close()
    return [line(each) for each in found]


async def publish(db: Connection, request: BannerRequest, now: datetime) -> Notification:
    """Put a banner up for everybody, before sign-in too. Raises ValueError."""
    begins, ends = moment(request.begins) or now, moment(request.ends)
    if len(request.text) > LONGEST_TEXT or not is_term(begins, ends):
        raise ValueError(f"a banner has up to {LONGEST_TEXT} characters and ends after it begins, within a year")
    banner = Notification(new_id(), None, request.severity, request.text, begins, ends, now)
    await store.add(db, banner, None)
    await _record(db, Event.PUBLISHED, banner.id, now)
    return banner


async def end(db: Connection, id: UUID, now: datetime) -> None:
    """Take a banner of the operator down. Raises ValueError when there is no such."""
    if not await store.end(db, id, None, now):
        raise ValueError("no banner of the operator has this id")
    await _record(db, Event.ENDED, id, now)


async def _record(db: Connection, event: Event, id: UUID, now: datetime) -> None:
    about = audit.AuditContext(now, "command line", str(event), NOBODY)
    await audit.write(db, about, [AuditEntry(str(event), str(id), None, {})])


def line(banner: Notification) -> str:
    """«ID danger 2026-11-22 12:00 – …  text»"""
    begins = f"{banner.begins_at.astimezone(KYIV):%Y-%m-%d %H:%M}"
    ends = f"{banner.ends_at.astimezone(KYIV):%Y-%m-%d %H:%M}" if banner.ends_at else "…"
    return f"{banner.id} {banner.severity} {begins} – {ends}  {banner.text}"
