"""A way to confirm is asked for, the patient's word is told to central, which then does it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.link.access import calling
from esoz.sdk import CentralRefused

from . import store
from .model import MOVES, Action, Event, MethodRequest, State

UNVERIFIED = "unverified"  # PS-11


async def begin(page: MisPage, person_id: UUID, action: Action, change: Mapping[str, Any]) -> UUID:
    """Ask central; a telephone that nobody has confirmed yet is confirmed first.

    Raises CentralRefused and the rest.
    """
    id = new_id()
    await store.add(
        page.db,
        id=id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        person_id=person_id,
        state=str(State.PHONE),
        action=str(action),
        change=dict(change),
        created_at=page.now,
        updated_at=page.now,
    )
    found = await store.find(page.db, page.user.work.clinic_id, person_id, id, lock=True)
    assert found is not None
    try:
        await ask(page, found)
    except CentralRefused as refused:
        if refused.type != UNVERIFIED:
            raise
        await ask_phone(page, found)
    return id


async def ask(page: MisPage, found: MethodRequest) -> None:
    """Make the request in central: once, whatever becomes of the answer. Raises CentralRefused and the rest."""
    after = move(MOVES, found.state, State.ASKED)
    central = await calling(page)
    path = f"/api/persons/{found.person_id}/authentication_method_requests"
    body = {"action": str(found.action), "authentication_method": found.change}
    answer = await central.call("POST", path, body=body, idempotency_key=f"way-{found.id}")
    told: list[dict[str, Any]] = answer.urgent.get("authentication_method_current") or []
    papers = [
        {"type": each["type"], "url": each["url"], "sent": False} for each in answer.urgent.get("documents") or []
    ]
    await store.change(
        page.db,
        found.id,
        state=str(after),
        central_id=UUID(answer.record()["id"]),
        method=str(told[0].get("type") or "") if told else "",
        phone=str(told[0].get("phone_number") or "") if told else "",
        papers=papers,
        code_sent_at=page.now,
        updated_at=page.now,
    )
    await record(page, Event.ASKED, found.id, patient_id=found.person_id, action=str(found.action))


async def ask_phone(page: MisPage, found: MethodRequest) -> None:
    """Send a code to the new telephone. Raises CentralBusy, CentralError."""
    central = await calling(page)
    await central.post("/api/verifications", {"phone_number": found.new_phone})
    await store.change(page.db, found.id, code_sent_at=page.now, updated_at=page.now)
    await record(page, Event.PHONE_ASKED, found.id, patient_id=found.person_id)


async def confirm_phone(page: MisPage, found: MethodRequest, code: int) -> None:
    """Tell central the code of the new telephone. Raises CentralRefused for a wrong one."""
    central = await calling(page)
    await central.patch(f"/api/verifications/{found.new_phone}/actions/complete", {"code": code})
    await record(page, Event.PHONE_CONFIRMED, found.id, patient_id=found.person_id)


async def resend(page: MisPage, found: MethodRequest) -> None:
    """Send the patient another code. Raises CentralBusy too early, and the rest."""
    central = await calling(page)
    await central.post(f"{_path(found)}/actions/resend_otp")
    await store.change(page.db, found.id, code_sent_at=page.now, updated_at=page.now)
    await record(page, Event.CODE_RESENT, found.id, patient_id=found.person_id)


async def send_scan(page: MisPage, found: MethodRequest, type: str, content: bytes) -> None:
    """Send one scan by the link that central gave for it. Raises CentralError."""
    url = next(paper["url"] for paper in found.papers if paper["type"] == type)
    await page.services.central.upload(url, content)
    papers = [{**paper, "sent": paper["sent"] or paper["type"] == type} for paper in found.papers]
    await store.change(page.db, found.id, papers=papers, updated_at=page.now)
    await record(page, Event.SCAN_SENT, found.id, patient_id=found.person_id)


async def confirm(page: MisPage, found: MethodRequest, code: int | None) -> None:
    """Tell central the patient's word, and it does what was asked for; the same code again gets the first answer.

    Raises CentralRefused and the rest.
    """
    after = move(MOVES, found.state, State.DONE)
    central = await calling(page)
    body = {} if code is None else {"verification_code": code}
    sent = found.code_sent_at.isoformat() if found.code_sent_at else ""
    key = f"way-{found.id}-{sent}-{code or 'papers'}"
    await central.call("PATCH", f"{_path(found)}/actions/approve", body=body, idempotency_key=key)
    await store.change(page.db, found.id, state=str(after), change={}, papers=[], phone="", updated_at=page.now)
    await record(page, Event.CHANGED, found.id, patient_id=found.person_id, action=str(found.action))


def _path(found: MethodRequest) -> str:
    return f"/api/persons/{found.person_id}/authentication_method_requests/{found.central_id}"


async def forget_old(services: Services) -> None:
    """Forget what is over; for a background work."""
    async with services.database.transaction() as db:
        await _forget(db, services)


async def _forget(db: Connection, services: Services) -> None:
    await store.forget_old(db, services.clock.now())
