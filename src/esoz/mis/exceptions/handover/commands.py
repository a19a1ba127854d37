"""Handing over outside of electronic prescriptions: prepared here, signed, sent to central once, taken back."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.mis import stock
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import CentralRefused, CentralUnavailable

from . import store
from .model import Made, Package, Prepared, Way


async def prepare(page: MisPage, way: Way, made: Made) -> Prepared:
    """Keep what will be signed, exactly, and what of it is shown to be read before."""
    prepared = Prepared(
        id=made.id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        kind=way.kind,
        about_id=made.about_id,
        content=msgspec.json.encode(made.content),
        form=made.form,
        shown=made.shown,
        created_at=page.now,
    )
    await store.add(page.db, prepared)
    await stock.remember(page, [_known(each.package) for each in made.lines])
    await record(page, way.prepared, made.id)
    return prepared


def _known(package: Package) -> stock.Medicine:
    return stock.Medicine(
        medication_id=package.id,
        name=package.name,
        manufacturer=package.manufacturer,
        form=package.form,
        unit=package.unit,
        package_qty=package.qty,
        package_min_qty=package.min_qty,
    )


async def sign(page: MisPage, way: Way, prepared: Prepared, signed: bytes) -> bool:
    """Send the signed document; False when the answer was lost. Raises CentralRefused when central does not take it."""
    await store.keep_signed(page.db, prepared.id, page.user.id, signed)
    return await send(page, way, replace(prepared, signed=signed, user_id=page.user.id))


async def send(page: MisPage, way: Way, prepared: Prepared) -> bool:
    """Send what was signed: the same document counts once for central, however often it comes.

    What central refuses and does not have waits for a signature again, so that it may be mended or given up. Raises
    CentralRefused then.
    """
    central = await calling(page)
    try:
        await _deliver(central, way, prepared)
    except CentralUnavailable:
        return False
    except CentralRefused:
        await store.unsign(page.db, prepared.id)
        raise
    await store.drop(page.db, prepared.id)
    await stock.take_out(page, _handed(way, prepared))
    await record(page, way.sent, prepared.id)
    return True


async def _deliver(central: CentralSession, way: Way, prepared: Prepared) -> None:
    """Give the document to central. Raises CentralRefused when it has none under this id, CentralUnavailable."""
    body = {way.field: base64.b64encode(prepared.signed or b"").decode(), "signed_content_encoding": "base64"}
    try:
        await central.post(way.path, body)
    except CentralRefused:
        # It may have come through with an earlier signature, of which we were cut off before we could keep it.
        if not await _is_known(central, way, prepared):
            raise


async def _is_known(central: CentralSession, way: Way, prepared: Prepared) -> bool:
    try:
        told = (await central.get(f"{way.record}/{prepared.about_id}")).record()
    except CentralRefused as refused:
        if refused.status == 404:
            return False
        raise
    acts = told[way.acts] if way.acts else [told]
    return any(each["id"] == str(prepared.id) for each in acts)


def _handed(way: Way, prepared: Prepared) -> stock.HandedOver:
    """What leaves the stock with it, in the name of who signed it."""
    document = prepared.document
    return stock.HandedOver(
        id=prepared.id,
        way=way.kind,
        about_id=prepared.about_id,
        division_id=UUID(document["division_id"]),
        user_id=prepared.user_id,
        day=date.fromisoformat(document[way.day]),
        quantities={
            UUID(each["medication_id"]): Decimal(str(each["medication_qty"])) for each in document["dispense_details"]
        },
    )


async def forget(page: MisPage, prepared: Prepared) -> bool:
    """Give up what is not to be; False of what is signed: central may have it, though its answer was lost."""
    if prepared.signed is not None:
        return False
    await store.drop(page.db, prepared.id)
    return True


async def record_asked(page: MisPage, path: str, body: Mapping[str, Any], event: StrEnum) -> UUID:
    """Record what is asked for; the same again, as after a lost answer, is no second. Raises CentralError."""
    central = await calling(page)
    key = hashlib.sha256(msgspec.json.encode([str(page.user.work.clinic_id), path, body])).hexdigest()
    answer = await central.call("POST", path, body=body, idempotency_key=f"asked {key}")
    id = UUID(answer.record()["id"])
    await record(page, event, id)
    return id


async def send_picture(page: MisPage, asked: Mapping[str, Any], content: bytes, event: StrEnum) -> None:
    """Send the picture of what is asked for by the link that central gave for it. Raises CentralError."""
    url = next(each["url"] for each in asked["documents"])
    await page.services.central.upload(url, content)
    await record(page, event, asked["id"])


async def mark_mistaken(page: MisPage, path: str, id: UUID, reason: str, event: StrEnum) -> None:
    """Mark a record of central as a mistake. Raises CentralError."""
    central = await calling(page)
    await central.patch(f"{path}/{id}/actions/cancel", {"error_reason": reason})
    await stock.put_back(page, [id])
    await record(page, event, id)


async def put_mistakes_back(page: MisPage, acts: Iterable[Mapping[str, Any]]) -> None:
    """What was marked as a mistake while our own answer was lost comes back to the stock too."""
    await stock.put_back(page, [UUID(each["id"]) for each in acts if each["status"] == "ENTERED_IN_ERROR"])
