"""Signing in and out."""

import base64
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from esoz.kernel import audit, logs, pages
from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.work import Actor, AuditEntry
from esoz.sdk import Bearer, Central, CentralError, read_tokens

from ..connection import Client
from ..journal import record
from ..services import CabinetPage, Patient, Services
from . import newcomers, store
from .model import GRANT, Event, scopes, to_be_signed

LEAVERS = 20  # of one turn


async def ask_nonce(page: CabinetPage) -> bytes:
    """The bytes that central wants signed. Raises CentralRefused, CentralUnavailable, NotConnected."""
    client, central = await connected(page)
    body = {"client_id": str(client.id), "client_secret": client.secret}
    answer = await central.post("/oauth/nonce", body=body)
    return to_be_signed(answer.record()["token"])


async def sign_in(page: CabinetPage, document: bytes) -> None:
    """Come in with a signed nonce. Raises CentralRefused, CentralUnavailable, NotConnected."""
    client, central = await connected(page)
    asked = {"token": grant(client) | {"signed_content": encoded(document), "signed_content_encoding": "base64"}}
    data = (await central.post("/api/pis/sign-in", body=asked)).record()
    await admit(page, central, data, Event.SIGNED_IN)


def grant(client: Client) -> dict[str, str]:
    """What the cabinet asks for whenever somebody comes in."""
    return {
        "grant_type": GRANT,
        "client_id": str(client.id),
        "client_secret": client.secret,
        "scope": scopes(),
    }


def encoded(document: bytes) -> str:
    """A signed document as it travels."""
    return base64.b64encode(document).decode()


async def admit(
    page: CabinetPage,
    central: Central,
    token: Mapping[str, Any],
    event: StrEnum,
    *,
    applicant: Patient | None = None,
) -> None:
    """Begin the session of the patient whose token central has just given, perhaps to the one who acts for them."""
    given = read_tokens(token)
    person = (await central.get("/api/pis/person", Bearer(given.access))).record()
    patient = _patient(token["user_id"], person, page.now, applicant)
    await store.save(page.db, page.services.vault, patient, given)
    newcomers.forget(page)
    page.sign_in(patient.id)
    page.visitor = patient
    await record(page, event, patient.id)


def _patient(user_id: str, person: Mapping[str, Any], now: datetime, applicant: Patient | None) -> Patient:
    names = (person["last_name"], person["first_name"], person.get("second_name") or "")
    # Two parents and the youth themself may be here at once: each with tokens of their own.
    id = uuid5(applicant.id, user_id) if applicant else UUID(user_id)
    return Patient(id, UUID(person["id"]), *names, now, applicant)


async def sign_out(page: CabinetPage) -> None:
    """Go out everywhere: central ends all tokens of a patient at this cabinet, so their other browsers go out too."""
    patient = page.user
    root = patient.applicant or patient
    await record(page, Event.SIGNED_OUT, patient.id)
    for id in (*await store.acting(page.db, root.id), root.id):
        await _give_back(page.db, page.services, id)
        await pages.end_all(page.db, id)
    page.sign_out()


async def let_leavers_go(services: Services, now: datetime) -> None:
    """Give back the tokens of patients whose sessions are over. Raises NotConnected before the cabinet is connected."""
    async with services.database.transaction() as db:
        for user_id in await store.left(db, limit=LEAVERS):
            patient = await store.load_patient(db, user_id)
            await _give_back(db, services, user_id)
            person_id = patient.person_id if patient else None
            about = audit.AuditContext(now, str(new_id()), "cleaning", Actor(user_id=user_id, person_id=person_id))
            await audit.write(db, about, [AuditEntry(Event.LEFT, str(user_id), person_id, {})])


async def _give_back(db: Connection, services: Services, user_id: UUID) -> None:
    kept = await store.tokens(db, services.vault, user_id)
    await store.forget(db, user_id)
    if kept is None:
        return
    central = services.gateway.central(await services.gateway.client(db))
    try:
        await central.post("/auth/logout", Bearer(kept.access))
    except CentralError as fault:  # the token is forgotten here in any case, and runs out there by itself
        logs.warning("central did not take the sign-out", fault=type(fault).__name__, user_id=user_id)


async def connected(page: CabinetPage) -> tuple[Client, Central]:
    """Who we are at central, and the way there. Raises NotConnected."""
    client = await page.services.gateway.client(page.db)
    return client, page.services.gateway.central(client)
