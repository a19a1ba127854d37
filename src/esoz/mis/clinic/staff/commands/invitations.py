"""Invitations to work: filled in, signed, carried to central, corrected, sent anew."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, NotFound
from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.documents.sync import as_kept
from esoz.mis.link import access
from esoz.mis.link.access import ConsentNeeded, calling
from esoz.sdk import CentralRefused, CentralUnavailable, understanding, whole

from ..model.employees import MOVES, RETRY, Employee, Event, Request, State
from ..store import requests
from ..store.audit import note

PATH = "/api/v2/employee_requests"
CENTRAL, CONSENT = "central", "consent"  # what an invitation waits for
SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class CompletedForm:
    """A form without faults: as it was typed, and the published block that it makes."""

    form: Mapping[str, str]
    payload: Mapping[str, Any]
    changes: Employee | None = None

    @property
    def columns(self) -> dict[str, object]:
        party = self.payload["party"]
        document = {"employee_request": {**self.payload, **_changed(self.changes)}}
        return {
            "form": dict(self.form),
            "content": msgspec.json.encode(document),
            "signed": None,
            "refusal": None,
            "last_name": party["last_name"],
            "first_name": party["first_name"],
            "second_name": party.get("second_name") or "",
            "email": party["email"],
            "role": self.payload["employee_type"],
            "position": self.payload["position"],
        }


def _changed(employee: Employee | None) -> dict[str, str]:
    return {"employee_id": str(employee.employee_id)} if employee else {}


async def divisions(page: MisPage) -> dict[str, str]:
    """Acting divisions of the clinic: id → name. Raises CentralError, ConsentNeeded."""
    answer = await whole(await calling(page), "/api/divisions", status="ACTIVE")
    return {each["id"]: each["name"] for each in answer.rows()}


async def begin(page: MisPage, filled: CompletedForm) -> UUID:
    """Keep a new invitation, ready to be signed."""
    request_id = new_id()
    await requests.add(
        page.db,
        id=request_id,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        state=str(State.READY),
        employee_id=filled.changes.employee_id if filled.changes else None,
        is_change=filled.changes is not None,
        created_at=page.now,
        updated_at=page.now,
        **filled.columns,
    )
    await record(page, Event.DRAFTED, request_id)
    return request_id


async def find(page: MisPage, request_id: UUID, *, lock: bool = False) -> Request:
    """An invitation of the user's clinic. Raises NotFound."""
    found = await requests.find(page.db, page.user.work.clinic_id, request_id, lock=lock)
    if found is None:
        raise NotFound()
    return found


async def correct(page: MisPage, request: Request, filled: CompletedForm) -> None:
    """Put another form in the place of one that central does not have. Raises Conflict."""
    after = move(MOVES, request.state, State.READY)
    await requests.change(page.db, request.id, state=str(after), updated_at=page.now, **filled.columns)


async def sign(page: MisPage, request: Request, signed: bytes) -> None:
    """Queue a signed invitation, in the name of who has signed it. Raises Conflict."""
    after = move(MOVES, request.state, State.QUEUED)
    await requests.change(
        page.db,
        request.id,
        state=str(after),
        user_id=page.user.id,
        signed=signed,
        signings=request.signings + 1,
        waits_for="",
        next_at=page.now,
        updated_at=page.now,
    )
    await record(page, Event.SIGNED, request.id)


async def discard(page: MisPage, request_id: UUID) -> None:
    """Throw away what central does not have. Raises Conflict."""
    request = await find(page, request_id, lock=True)
    after = move(MOVES, request.state, State.DISCARDED)
    await requests.change(
        page.db, request.id, state=str(after), form={}, content=None, signed=None, updated_at=page.now
    )
    await record(page, Event.DISCARDED, request.id)


async def repeat(page: MisPage, request_id: UUID) -> UUID:
    """The same invitation once more, to be signed anew: the mail was lost, the term has ended. Raises Conflict."""
    request = await find(page, request_id)
    if not request.is_repeatable or request.content is None:
        raise Conflict()
    copy = new_id()
    kept = {name: getattr(request, name) for name in _COPIED}
    await requests.add(
        page.db,
        **kept,
        id=copy,
        user_id=page.user.id,
        state=str(State.READY),
        created_at=page.now,
        updated_at=page.now,
    )
    await record(page, Event.DRAFTED, copy)
    return copy


_COPIED = (
    "clinic_id",
    "form",
    "content",
    "employee_id",
    "is_change",
    "last_name",
    "first_name",
    "second_name",
    "email",
    "role",
    "position",
)


async def deliver(services: Services) -> None:
    """Carry signed invitations to central; for a background work, any number of which may run.

    One is held in its transaction while central is asked, so that nobody else sends it; a copy after a lost answer goes
    under the same key, so that central makes one invitation and sends one mail.
    """
    while True:
        async with services.database.transaction() as db:
            request = await requests.due(db, services.clock.now())
            if request is None:
                return
            await _send(db, services, request)


async def _send(db: Connection, services: Services, request: Request) -> None:
    body = {"signed_content": base64.b64encode(request.signed or b"").decode(), "signed_content_encoding": "base64"}
    key = f"staff-{request.id}-{request.signings}"
    try:
        central = await access.session_of(db, services, request.user_id, request.clinic_id)
        with understanding():
            answer = await central.call("POST", PATH, body=body, idempotency_key=key)
            central_id = UUID(answer.record()["id"])
    except ConsentNeeded:
        await _wait(db, services, request, CONSENT, RETRY)
    except CentralUnavailable as away:
        await _wait(db, services, request, CENTRAL, timedelta(seconds=away.retry_after or RETRY.total_seconds()))
    except CentralRefused as refused:
        if refused.status >= SERVER_FAULT:
            await _wait(db, services, request, CENTRAL, RETRY)
        else:
            await _settle(db, services, request, State.REFUSED, refusal=as_kept(refused))
    else:
        await _settle(db, services, request, State.SENT, central_id=central_id, sent_at=services.clock.now())


async def _wait(db: Connection, services: Services, request: Request, waits_for: str, pause: timedelta) -> None:
    await requests.change(db, request.id, waits_for=waits_for, next_at=services.clock.now() + pause)


async def _settle(db: Connection, services: Services, request: Request, target: State, **columns: object) -> None:
    after, now = move(MOVES, request.state, target), services.clock.now()
    await requests.change(db, request.id, state=str(after), waits_for="", next_at=None, updated_at=now, **columns)
    event = Event.SENT if after is State.SENT else Event.REFUSED
    await note(db, event, request.id, clinic_id=request.clinic_id, at=now, user_id=str(request.user_id))


async def forget_old(services: Services) -> None:
    """Forget what was typed about people who did not come; for a background work."""
    async with services.database.transaction() as db:
        await requests.forget_old(db, services.clock.now())
