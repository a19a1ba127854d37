"""That somebody speaks for a patient is asked for, confirmed and signed; central then does it."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import new_id
from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.link.access import calling
from esoz.sdk import CentralRefused

from . import store
from .model import MOVES, Action, ConfidantRequest, Event, State

APPROVED, COMPLETED = "APPROVED", "COMPLETED"
CONFLICT = 409


async def begin(page: MisPage, person_id: UUID, action: Action, about: str, body: Mapping[str, Any]) -> UUID:
    """Ask central; what the clinic asked before about this patient is over, there and here.

    Raises CentralRefused and the rest.
    """
    id, clinic_id = new_id(), page.user.work.clinic_id
    central = await calling(page)
    answer = await central.call("POST", _place_of(person_id, action), body=dict(body), idempotency_key=f"speaks-{id}")
    way: Mapping[str, Any] = answer.urgent.get("authentication_method_current") or {}
    await store.end_others(page.db, clinic_id, person_id)
    await store.add(
        page.db,
        id=id,
        clinic_id=clinic_id,
        user_id=page.user.id,
        person_id=person_id,
        state=str(State.ASKED),
        action=str(action),
        about=about,
        central_id=UUID(answer.record()["id"]),
        method=str(way.get("type") or ""),
        phone=str(way.get("phone_number") or ""),
        papers=[
            {"type": each["type"], "url": each["url"], "sent": False} for each in answer.urgent.get("documents") or []
        ],
        code_sent_at=page.now,
        created_at=page.now,
        updated_at=page.now,
    )
    await record(page, Event.ASKED, id, patient_id=person_id, action=str(action))
    return id


async def resend(page: MisPage, found: ConfidantRequest) -> None:
    """Send another code. Raises CentralBusy too early, and the rest."""
    central = await calling(page)
    await central.post(f"{_path(found)}/actions/resend_otp")
    await store.change(page.db, found.id, code_sent_at=page.now, updated_at=page.now)
    await record(page, Event.CODE_RESENT, found.id, patient_id=found.person_id)


async def send_scan(page: MisPage, found: ConfidantRequest, type: str, content: bytes) -> None:
    """Send one scan by the link that central gave for it. Raises CentralError."""
    url = next(paper["url"] for paper in found.papers if paper["type"] == type)
    await page.services.central.upload(url, content)
    papers = [{**paper, "sent": paper["sent"] or paper["type"] == type} for paper in found.papers]
    await store.change(page.db, found.id, papers=papers, updated_at=page.now)
    await record(page, Event.SCAN_SENT, found.id, patient_id=found.person_id)


async def confirm(page: MisPage, found: ConfidantRequest, code: int | None) -> None:
    """Tell central the code and that all scans are there; keep what is to be signed.

    When the first answer was lost central has it confirmed already, and says no to a second try: then it is read.
    Raises CentralRefused and the rest.
    """
    after = move(MOVES, found.state, State.CONFIRMED)
    central = await calling(page)
    try:
        body = {} if code is None else {"verification_code": code}
        answer = await central.patch(f"{_path(found)}/actions/approve", body)
    except CentralRefused as refused:
        if refused.status != CONFLICT:
            raise
        answer = await central.get(_path(found))
        if answer.record().get("status") != APPROVED:
            raise refused from None
    document = msgspec.json.encode(answer.record())
    await store.change(page.db, found.id, state=str(after), content=document, papers=[], phone="", updated_at=page.now)
    await record(page, Event.CONFIRMED, found.id, patient_id=found.person_id)


async def sign(page: MisPage, found: ConfidantRequest, signed: bytes) -> None:
    """Send what the worker signed: central does it once, however often it comes. Raises CentralRefused and the rest."""
    after = move(MOVES, found.state, State.DONE)
    central = await calling(page)
    try:
        await central.patch(f"{_path(found)}/actions/sign", {"signed_content": base64.b64encode(signed).decode()})
    except CentralRefused as refused:
        if refused.status != CONFLICT or (await central.get(_path(found))).record().get("status") != COMPLETED:
            raise
    await store.change(page.db, found.id, state=str(after), about="", content=None, updated_at=page.now)
    await record(page, Event.SIGNED, found.id, patient_id=found.person_id, action=str(found.action))


def of_new(confidant_id: UUID, papers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is asked for: somebody is to speak by these papers."""
    return {"confidant_person_id": str(confidant_id), "documents_relationship": list(papers)}


def of_right(relationship_id: UUID, papers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is asked for: a right that is there has these papers from now on, or ends by them."""
    return {"confidant_person_relationship": {"id": str(relationship_id), "documents_relationship": list(papers)}}


def _place_of(person_id: UUID, action: Action) -> str:
    last = {Action.INSERT: "", Action.UPDATE: "/update", Action.DEACTIVATE: "/deactivate"}[action]
    return f"/api/persons/{person_id}/confidant_person_relationship_requests{last}"


def _path(found: ConfidantRequest) -> str:
    return f"/api/persons/{found.person_id}/confidant_person_relationship_requests/{found.central_id}"


async def forget_old(services: Services) -> None:
    """Forget what is over; for a background work."""
    async with services.database.transaction() as db:
        await store.forget_old(db, services.clock.now())
