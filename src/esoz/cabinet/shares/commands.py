"""Making a share, opening it, ending it."""

import base64
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from esoz.kernel import audit
from esoz.kernel.clock import new_id
from esoz.kernel.pages.quantities import unit_of
from esoz.kernel.vault import Vault
from esoz.kernel.work import NOBODY, AuditEntry

from ..journal import record
from ..prescriptions import Prescription
from ..services import CabinetPage, Services
from . import store
from .model import AGAIN, MOST_OPEN, SECRET_BYTES, Content, Event, Share, Shared

VAULT, CONTENT, OPENER = "esoz.cabinet.shares", "content of a share", "opener of a share"
BATCH = 500


async def make(page: CabinetPage, prescriptions: Sequence[Prescription]) -> UUID | None:
    """A share of these prescriptions; None when the patient has as many open ones as may be."""
    user, secret, id = page.user, os.urandom(SECRET_BYTES), new_id()
    if await store.count_open(page.db, user.person_id, page.now) >= MOST_OPEN:
        return None
    content = Content(user.first_name[:1], [_shared(page, each) for each in prescriptions])
    sealed = _vault(secret).seal(msgspec.json.encode(content).decode(), f"{CONTENT} {id}")
    share = Share(
        id=id,
        person_id=user.person_id,
        names=[each.substance for each in prescriptions],
        made_at=page.now,
        ends_at=page.now + timedelta(hours=page.services.share_hours),
        secret=_written(secret),
        content=sealed,
    )
    await store.add(page.db, page.services.vault, share)
    await record(page, Event.MADE, id)
    return id


def _shared(page: CabinetPage, prescription: Prescription) -> Shared:
    return Shared(
        medicine=prescription.substance,
        quantity=f"{prescription.quantity.normalize():f}".replace(".", ",")
        + f" {page.gettext(unit_of(prescription.medicine))}",
        number=prescription.number,
        code=prescription.code,
        last_day=prescription.last_day,
    )


async def open_once(page: CabinetPage, secret: str, opener: str) -> tuple[Share | None, Content | None]:
    """What the link shows to the page that asks; of two at once one sees it. The patient's log says when."""
    share = await store.by_secret(page.db, page.services.vault, secret, lock=True)
    key = _read(secret)
    mark = page.services.vault.mark(opener, OPENER)
    if share is None or key is None or not opener or not share.shows_to(mark, page.now):
        return share, None
    assert share.content is not None
    shown = msgspec.json.decode(_vault(key).open(share.content, f"{CONTENT} {share.id}"), type=Content)
    if share.opened_at is None:
        await store.note_opened(page.db, share.id, mark, page.now)
    await _record_for(page, share.person_id, share.id)
    return share, shown


async def _record_for(page: CabinetPage, person_id: UUID, id: UUID) -> None:
    """A line of the patient's about what somebody did whom we do not know."""
    about = audit.AuditContext(page.now, page.request_id, str(Event.OPENED), NOBODY)
    await audit.write(page.db, about, [AuditEntry(str(Event.OPENED), str(id), person_id, {})])


async def end(page: CabinetPage, id: UUID) -> Share:
    """The link shows nothing any more; one that was opened or ended stays as it is."""
    share = await store.own(page.db, page.services.vault, page.user.person_id, id, lock=True)
    if share.opened_at is None and share.ended_at is None:
        await store.end(page.db, id, page.now)
        await record(page, Event.ENDED, id)
    return share


async def forget(services: Services) -> None:
    """Numbers and codes of shares that are over are wiped out."""
    now: datetime = services.clock.now()
    async with services.database.transaction() as db:
        await store.forget(db, now, now - AGAIN, BATCH)


def _vault(secret: bytes) -> Vault:
    return Vault(secret, VAULT)


def _written(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).decode()


def _read(secret: str) -> bytes | None:
    try:
        found = base64.b64decode(secret, altchars=b"-_", validate=True)
    except ValueError:
        return None
    return found if len(found) == SECRET_BYTES else None
