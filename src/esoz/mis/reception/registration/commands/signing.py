"""The signed registration: queued, carried to central, done or refused; old ones forgotten."""

import base64
from datetime import timedelta
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.pages.reading import YES
from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage, Services
from esoz.mis.care.patients import keep_patient
from esoz.mis.documents.sync import as_kept
from esoz.mis.link import access
from esoz.mis.link.access import ConsentNeeded
from esoz.sdk import CentralRefused, CentralUnavailable, understanding

from .. import store
from ..model.registrations import MOVES, ON_PAPER, RETRY, Event, Registration, State
from .asking import PATH

CENTRAL, CONSENT = "central", "consent"  # what a registration waits for
SERVER_FAULT = 500
FORGOTTEN: dict[str, object] = {
    "form": {},
    "person": {},
    "before": {},
    "papers": [],
    "content": None,
    "signed": None,
    "phone": "",
}


async def note_paper(page: MisPage, found: Registration) -> None:
    """The patient has signed the printed form by hand."""
    await store.change(page.db, found.id, form={**found.form, ON_PAPER: YES}, updated_at=page.now)
    await record(page, Event.ON_PAPER, found.id, patient_id=found.person_id)


async def sign(page: MisPage, found: Registration, signed: bytes) -> None:
    """Queue a signed registration, in the name of who has signed it. Raises Conflict."""
    after = move(MOVES, found.state, State.QUEUED)
    await store.change(
        page.db,
        found.id,
        state=str(after),
        user_id=page.user.id,
        signed=signed,
        signings=found.signings + 1,
        waits_for="",
        next_at=page.now,
        updated_at=page.now,
    )
    await record(page, Event.SIGNED, found.id, patient_id=found.person_id)


async def deliver(services: Services) -> None:
    """Carry signed registrations to central; for a background work, any number of which may run.

    One is held in its transaction while central is asked, so that nobody else sends it; a copy after a lost answer goes
    under the same key, so that central registers one person.
    """
    while True:
        async with services.database.transaction() as db:
            found = await store.due(db, services.clock.now())
            if found is None:
                return
            await _send(db, services, found)


async def _send(db: Connection, services: Services, found: Registration) -> None:
    body = {"signed_content": base64.b64encode(found.signed or b"").decode(), "signed_content_encoding": "base64"}
    key = f"{found.key}-sign-{found.signings}"
    try:
        central = await access.session_of(db, services, found.user_id, found.clinic_id)
        with understanding():
            path = f"{PATH}/{found.central_id}/actions/sign"
            answer = await central.call("PATCH", path, body=body, idempotency_key=key)
            person_id = UUID(answer.record()["person_id"])
    except ConsentNeeded:
        await _wait(db, services, found, CONSENT, RETRY)
    except CentralUnavailable as away:
        await _wait(db, services, found, CENTRAL, timedelta(seconds=away.retry_after or RETRY.total_seconds()))
    except CentralRefused as refused:
        if refused.status >= SERVER_FAULT:
            await _wait(db, services, found, CENTRAL, RETRY)
        else:
            await _settle(db, services, found, State.REFUSED, refusal=as_kept(refused), signed=None, content=None)
    else:
        await _keep_patient(db, services, found, person_id)
        now = services.clock.now()
        await _settle(db, services, found, State.DONE, person_id=person_id, done_at=now, **FORGOTTEN)


async def _keep_patient(db: Connection, services: Services, found: Registration, person_id: UUID) -> None:
    """The clinic knows the patient from now on, under the names that were registered."""
    patient = Patient(
        person_id,
        found.last_name,
        found.first_name,
        found.second_name,
        found.birth_date,
        str(found.person.get("gender") or ""),
    )
    await keep_patient(db, found.clinic_id, patient, services.clock.now())


async def _wait(db: Connection, services: Services, found: Registration, waits_for: str, pause: timedelta) -> None:
    await store.change(db, found.id, waits_for=waits_for, next_at=services.clock.now() + pause)


async def _settle(db: Connection, services: Services, found: Registration, target: State, **columns: object) -> None:
    after, now = move(MOVES, found.state, target), services.clock.now()
    changed = await store.change(db, found.id, state=str(after), waits_for="", next_at=None, updated_at=now, **columns)
    event = Event.DONE if after is State.DONE else Event.REFUSED
    await store.note(db, event, changed, now, changed.person_id)


async def forget_old(services: Services) -> None:
    """Forget what was typed about people who were not registered; for a background work."""
    async with services.database.transaction() as db:
        await store.forget_old(db, services.clock.now())
