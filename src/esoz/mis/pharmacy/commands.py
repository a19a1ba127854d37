"""Handing over. Whatever could be done twice is looked up in central before it is done."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from esoz.mis import stock
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, ConsentNeeded, calling
from esoz.sdk import CentralBusy, CentralRefused, CentralUnavailable

from . import queries, store, wire
from .model import HOLD, Event, Handover, HeldDispense, payment_of


class CodeRefused(Exception):
    """Central does not take the patient's code: so many tries are left, or so many seconds it takes none at all."""

    def __init__(self, attempts_left: int | None, seconds: int | None) -> None:
        super().__init__(attempts_left, seconds)
        self.attempts_left, self.seconds = attempts_left, seconds


@contextmanager
def code_judged() -> Iterator[None]:
    """Around the one request that carries the patient's code. Raises CodeRefused, ConsentNeeded.

    A wrong code is a 401 too, and is counted: the request must not be sent twice (`renew=False`). The token was renewed
    a moment ago.
    """
    try:
        yield
    except CentralRefused as refused:
        if refused.status != 401:
            raise
        if "code" not in refused.message.lower():
            raise ConsentNeeded() from refused
        raise CodeRefused(refused.attempts_left, refused.retry_after) from refused
    except CentralBusy as busy:
        if "code" not in busy.message.lower():
            raise
        raise CodeRefused(0, busy.retry_after) from busy


async def hold(page: MisPage, handover: Handover, code: str, *, unsigned: bool, attempt: str = "") -> UUID:
    """Hold the quantity for ten minutes, or hand over at once where no signature is needed; return central's id.

    A dispense of just these packages and prices that waits already is taken up: the answer of before was lost. One that
    was handed over at once is asked for again under the same `attempt`. Raises CodeRefused, CentralError.
    """
    await store.wait_turn(page.db, handover.request_id)
    central = await calling(page)
    data = await _taken_up(page, central, handover)
    if data is None:
        data = await _create(page, central, handover, code, attempt if unsigned else None)
    dispense_id = UUID(data["id"])
    await record(page, Event.HELD, dispense_id, request_id=str(handover.request_id))
    if data["status"] == "NEW":
        await _keep(page, data, handover.payment)
    else:
        await stock.take_for_dispense(page, data)
    return dispense_id


async def _taken_up(page: MisPage, central: CentralSession, handover: Handover) -> Mapping[str, Any] | None:
    """What of ours waits in central and is what is asked for; None when there is none.

    Let go is what was begun with an answer that got lost and corrected since: other prices, another receipt under a
    signature. What is held under the eyes of a colleague, or signed so, stays.
    """
    found = None
    for each in await queries.held_by_us(central, handover.request_id):
        known = await store.find(page.db, UUID(each["id"]), page.user.work.clinic_id, lock=True)
        if found is None and handover.is_same(each) and (known is None or known.is_signed_with(handover.payment)):
            found = each
        elif known is None or handover.is_of_same_packages(each):
            await release(page, UUID(each["id"]))
    return found


async def _create(
    page: MisPage, central: CentralSession, handover: Handover, code: str, attempt: str | None
) -> Mapping[str, Any]:
    """`attempt`: of one that needs no signature, under which central performs it once; None of any other."""
    asked = handover.published(page.today) | ({} if attempt is None else handover.payment)
    key = hashlib.sha256(msgspec.json.encode([attempt, asked, code])).hexdigest() if attempt else ""
    with code_judged():
        answer = await central.call(
            "POST",
            "/api/pharmacy/medication_dispenses",
            body={"medication_dispense": asked},
            query={"code": code or None},
            renew=False,
            idempotency_key=key,
        )
    return answer.record()


async def _keep(page: MisPage, dispense: Mapping[str, Any], payment: Mapping[str, Any]) -> HeldDispense:
    """Keep what will be signed, exactly: central's dispense and the payment beside it."""
    content = {**dispense, **payment}
    made = datetime.fromisoformat(content["inserted_at"])
    request = content["medication_request"]
    held = HeldDispense(
        id=UUID(content["id"]),
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        request_id=UUID(request["id"]),
        request_number=request.get("request_number") or "",
        content=msgspec.json.encode(content),
        held_until=made + HOLD,
        created_at=page.now,
    )
    await store.add(page.db, held)
    return held


async def held(page: MisPage, dispense: Mapping[str, Any]) -> HeldDispense:
    """What is signed of a dispense that waits.

    Of one that was begun elsewhere, or whose answer was lost, the payment follows from the prices that central keeps.
    """
    known = await store.find(page.db, UUID(dispense["id"]), page.user.work.clinic_id, lock=True)
    return known or await _keep(page, dispense, payment_of(dispense))


async def process(page: MisPage, held: HeldDispense, signed: bytes) -> bool:
    """Send the signed document; False when the answer was lost. Raises CentralRefused when central does not take it."""
    await store.keep_signed(page.db, held.id, signed)
    return await send(page, replace(held, signed=signed))


async def send(page: MisPage, held: HeldDispense) -> bool:
    """Send what was signed, unless central has it already; False when central does not answer."""
    central = await calling(page)
    body = {
        "signed_medication_dispense": base64.b64encode(held.signed or b"").decode(),
        "signed_content_encoding": "base64",
    }
    try:
        await central.patch(f"/api/pharmacy/medication_dispenses/{held.id}/actions/process", body)
    except CentralUnavailable:
        return False
    except CentralRefused:
        # The first try may have come through although its answer was lost.
        if (await queries.dispense(page, central, held.id))["status"] != "PROCESSED":
            raise
    await store.drop(page.db, held.id)
    await stock.take_for_dispense(page, held.shown)
    await record(page, Event.PROCESSED, held.id, request_id=str(held.request_id))
    return True


async def release(page: MisPage, dispense_id: UUID) -> None:
    """Let go of what is held, so that any pharmacy may give it. Raises CentralError."""
    central = await calling(page)
    try:
        await central.patch(f"/api/pharmacy/medication_dispenses/{dispense_id}/actions/reject")
    except CentralRefused:
        if (await queries.dispense(page, central, dispense_id))["status"] not in {"REJECTED", "EXPIRED"}:
            raise
    await store.drop(page.db, dispense_id)
    await record(page, Event.RELEASED, dispense_id)


async def take_back(page: MisPage, dispense_id: UUID, signed: bytes) -> None:
    """Send the signed return; what comes back stands in the stock in the same transaction. Raises CentralError."""
    central = await calling(page)
    body = {
        "signed_medication_dispense_return": base64.b64encode(signed).decode(),
        "signed_content_encoding": "base64",
    }
    answer = await central.patch(f"/api/pharmacy/medication_dispenses/{dispense_id}/actions/take_back", body)
    await book_returns(page, answer.record(), signed_by=page.user.id)
    await record(page, Event.RETURNED, dispense_id)


async def book_returns(page: MisPage, dispense: Mapping[str, Any], *, signed_by: UUID | None = None) -> None:
    """What central tells of returns goes into the stock and the journal, each once: an answer of before may be lost."""
    await stock.give_back(page, dispense)
    if dispense.get("returns"):
        await store.note_returns(page.db, page.user.work.clinic_id, wire.returns_of(dispense), signed_by)
