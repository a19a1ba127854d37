"""Asking the patient through central: the request is made there, a code is sent or scans are waited for."""

from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.documents.sync import as_kept
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import Answer, CentralRefused

from .. import store
from ..model.registrations import MOVES, ON_PAPER, OTP, TERM, Event, Registration, State

PATH = "/api/v2/person_requests"
UNVERIFIED = "unverified"  # PS-11: nobody has shown yet that the telephone is in their hands
APPROVED = "APPROVED"


class Outcome(StrEnum):
    """What came of asking."""

    ASKED = "asked"
    REFUSED = "refused"
    PHONE = "phone"  # the telephone is confirmed first


async def ask(page: MisPage, found: Registration) -> Outcome:
    """Make the request in central, once for each wording: a second call finds it made.

    What central has against it is kept with the registration. Raises Conflict, CentralUnavailable, CentralBusy.
    """
    if found.state is State.ASKED:
        return Outcome.ASKED
    after = move(MOVES, found.state, State.ASKED)
    central = await calling(page)
    if found.central_id is not None:
        await give_up(central, found.central_id)
    try:
        answer = await central.call("POST", PATH, body=found.body, idempotency_key=found.key)
    except CentralRefused as refused:
        if refused.type == UNVERIFIED:
            return Outcome.PHONE
        await store.change(page.db, found.id, refusal=as_kept(refused), updated_at=page.now)
        await record(page, Event.REFUSED, found.id, patient_id=found.person_id)
        return Outcome.REFUSED
    await store.change(page.db, found.id, state=str(after), **_told(answer), **_of_now(page))
    await record(page, Event.ASKED, found.id, patient_id=found.person_id)
    return Outcome.ASKED


def _told(answer: Answer) -> dict[str, object]:
    """What central says of the way to confirm; of a telephone only some digits."""
    ways: list[dict[str, Any]] = answer.urgent.get("authentication_method_current") or []
    way = ways[0] if ways else {}
    papers = [
        {"type": each["type"], "url": each["url"], "sent": False} for each in answer.urgent.get("documents") or []
    ]
    return {
        "central_id": UUID(answer.record()["id"]),
        "method": str(way.get("type") or ""),
        "phone": str(way.get("phone_number") or ""),
        "papers": papers,
    }


def _of_now(page: MisPage) -> dict[str, object]:
    return {
        "code_sent_at": page.now,
        "expires_at": page.now + TERM,
        "refusal": None,
        "user_id": page.user.id,
        "updated_at": page.now,
    }


async def give_up(central: CentralSession, central_id: UUID) -> None:
    """Let central forget a request; one that is over already is no fault. Raises CentralUnavailable."""
    try:
        await central.patch(f"{PATH}/{central_id}/actions/reject")
    except CentralRefused:
        return


async def renew(page: MisPage, found: Registration) -> Registration:
    """Central has given it up: the same wording is asked for anew. Raises Conflict."""
    after = move(MOVES, found.state, State.DRAFT)
    return await store.change(
        page.db, found.id, state=str(after), version=found.version + 1, content=None, signed=None, updated_at=page.now
    )


async def confirm(page: MisPage, found: Registration, code: int | None) -> None:
    """Tell central the patient's code, or that all scans are there; keep what is to be signed.

    When the first answer was lost central has it confirmed already, and says no to a second try: then it is read.
    Raises CentralRefused and the rest.
    """
    after = move(MOVES, found.state, State.CONFIRMED)
    central = await calling(page)
    path = f"{PATH}/{found.central_id}"
    try:
        answer = await central.patch(f"{path}/actions/approve", {} if code is None else {"verification_code": code})
    except CentralRefused as refused:
        if refused.status != 409:
            raise
        answer = await central.get(path)
        if answer.record().get("status") != APPROVED:
            raise refused from None
    content = {**answer.record(), "patient_signed": True}
    form = {name: value for name, value in found.form.items() if name != ON_PAPER}
    document = msgspec.json.encode(content)
    await store.change(page.db, found.id, state=str(after), content=document, form=form, papers=[], updated_at=page.now)
    await record(page, Event.CONFIRMED, found.id, patient_id=found.person_id)


async def resend(page: MisPage, found: Registration) -> None:
    """Send the patient another code; the one before is void. Raises CentralBusy too early, and the rest."""
    central = await calling(page)
    await central.post(f"/api/person_requests/{found.central_id}/actions/resend_otp")
    await store.change(page.db, found.id, code_sent_at=page.now)
    await record(page, Event.CODE_RESENT, found.id, patient_id=found.person_id)


async def send_scan(page: MisPage, found: Registration, type: str, content: bytes) -> Registration:
    """Send one scan by the link that central gave for it; a later one takes its place. Raises CentralError."""
    url = next(paper["url"] for paper in found.papers if paper["type"] == type)
    await page.services.central.upload(url, content)
    papers = [{**paper, "sent": paper["sent"] or paper["type"] == type} for paper in found.papers]
    changed = await store.change(page.db, found.id, papers=papers, updated_at=page.now)
    await record(page, Event.SCAN_SENT, found.id, patient_id=found.person_id)
    return changed


def own_phone(found: Registration) -> str:
    """The telephone that is confirmed before the person is registered with it; "" when there is none."""
    methods = found.person.get("authentication_methods") or []
    return str(methods[0].get("phone_number") or "") if methods and methods[0]["type"] == OTP else ""


async def ask_phone(page: MisPage, found: Registration) -> None:
    """Send a code to a telephone that nobody has confirmed yet (PS-11). Raises CentralBusy, CentralError."""
    central = await calling(page)
    await central.post("/api/verifications", {"phone_number": own_phone(found)})
    await store.change(page.db, found.id, code_sent_at=page.now)
    await record(page, Event.PHONE_ASKED, found.id, patient_id=found.person_id)


async def confirm_phone(page: MisPage, found: Registration, code: int) -> None:
    """Tell central the code of the telephone. Raises CentralRefused for a wrong one."""
    central = await calling(page)
    await central.patch(f"/api/verifications/{own_phone(found)}/actions/complete", {"code": code})
    await record(page, Event.PHONE_CONFIRMED, found.id, patient_id=found.person_id)
