"""A blank is recorded and pictured; what is handed over by it is prepared here, signed, sent to central once."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import msgspec

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import calling
from esoz.sdk import CentralUnavailable

from . import store
from .model import Blank, Event, Handover, Prepared
from .queries import PATH

DISPENSES = "/api/pharmacy/paper_dispenses"


async def record_blank(page: MisPage, blank: Blank) -> UUID:
    """Record a blank; the same one that comes again, as after a lost answer, is no second. Raises CentralError."""
    central, body = await calling(page), blank.body()
    key = hashlib.sha256(msgspec.json.encode([str(page.user.work.clinic_id), body])).hexdigest()
    answer = await central.call("POST", PATH, body=body, idempotency_key=f"paper {key}")
    id = UUID(answer.record()["id"])
    await record(page, Event.RECORDED, id)
    return id


async def send_picture(page: MisPage, paper: Mapping[str, Any], content: bytes) -> None:
    """Send the picture by the link that central gave for it. Raises CentralError."""
    url = next(each["url"] for each in paper["documents"])
    await page.services.central.upload(url, content)
    await record(page, Event.PICTURED, paper["id"])


async def prepare(page: MisPage, handover: Handover, division: str) -> Prepared:
    """Keep what will be signed, exactly, and what of it is shown to be read before."""
    id = uuid4()
    lines = [
        {"name": each.package.label, "quantity": str(each.quantity), "unit": each.package.unit_word}
        for each in handover.lines
    ]
    prepared = Prepared(
        id=id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        paper_id=handover.paper_id,
        content=msgspec.json.encode(handover.content(id)),
        shown={"division": division, "lines": lines},
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
    """Send what was signed: the same document counts once for central, however often it comes."""
    central = await calling(page)
    body = {
        "signed_paper_dispense": base64.b64encode(prepared.signed or b"").decode(),
        "signed_content_encoding": "base64",
    }
    try:
        await central.post(DISPENSES, body)
    except CentralUnavailable:
        return False
    await store.drop(page.db, prepared.id)
    await record(page, Event.SENT, prepared.id)
    return True


async def forget(page: MisPage, id: UUID) -> None:
    """Give up what is not to be."""
    await store.drop(page.db, id)


async def cancel(page: MisPage, id: UUID, reason: str) -> None:
    """Mark the record of a blank as a mistake. Raises CentralError."""
    central = await calling(page)
    await central.patch(f"{PATH}/{id}/actions/cancel", {"error_reason": reason})
    await record(page, Event.CANCELLED, id)


async def take_back(page: MisPage, dispense_id: UUID, reason: str) -> None:
    """Mark what was handed over as a mistake. Raises CentralError."""
    central = await calling(page)
    await central.patch(f"{DISPENSES}/{dispense_id}/actions/cancel", {"error_reason": reason})
    await record(page, Event.DISPENSE_CANCELLED, dispense_id)
