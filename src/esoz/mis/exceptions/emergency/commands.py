"""Writing down what was handed over: prepared here, signed, sent to central once."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

import msgspec

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.sdk import CentralUnavailable

from . import store
from .model import Entry, Event, Prepared
from .queries import PATH


async def prepare(page: MisPage, entry: Entry, form: Mapping[str, str], division: str) -> Prepared:
    """Keep what will be signed, exactly, and what of it is shown to be read before."""
    id = uuid4()
    shown = {
        "division": division,
        "lines": [
            {"name": each.package.label, "quantity": str(each.quantity), "unit": each.package.unit_word}
            for each in entry.lines
        ],
    }
    prepared = Prepared(
        id=id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        content=msgspec.json.encode(entry.content(id)),
        form=dict(form),
        shown=shown,
        created_at=page.now,
    )
    await store.add(page.db, prepared)
    await record(page, Event.PREPARED, id)
    return prepared


async def sign(page: MisPage, prepared: Prepared, signed: bytes) -> bool:
    """Send the signed document; False when the answer was lost. Raises CentralRefused when central does not take it."""
    await store.keep_signed(page.db, prepared.id, signed)
    return await send(page, replace(prepared, signed=signed))


async def send(page: MisPage, prepared: Prepared) -> bool:
    """Send what was signed: the same document is one entry for central, however often it comes."""
    central = await calling(page)
    body = {
        "signed_emergency_dispense": base64.b64encode(prepared.signed or b"").decode(),
        "signed_content_encoding": "base64",
    }
    try:
        await central.post(PATH, body)
    except CentralUnavailable:
        return False
    await store.drop(page.db, prepared.id)
    await record(page, Event.SENT, prepared.id)
    return True


async def forget(page: MisPage, id: UUID) -> None:
    """Give up what is not to be."""
    await store.drop(page.db, id)


async def cancel(page: MisPage, id: UUID, reason: str) -> None:
    """Mark an entry of central as a mistake. Raises CentralError."""
    central = await calling(page)
    await central.patch(f"{PATH}/{id}/actions/cancel", {"error_reason": reason})
    await record(page, Event.CANCELLED, id)
