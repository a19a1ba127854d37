"""Asking for consent, taking the answer, calling central, giving the consent back."""

import asyncio
import hmac
import secrets
from collections.abc import Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from esoz.kernel import logs
from esoz.kernel.db import Connection
from esoz.mis.base import consents
from esoz.mis.base.journal import record
from esoz.mis.base.section import Consent
from esoz.mis.base.services import MisPage, Services
from esoz.mis.base.workplace import scopes_for
from esoz.sdk import Answer, Bearer, CentralError, read_tokens

from .. import store
from ..model import STATE_LIFE, Event, consent_address
from .session import CentralSession, ConsentNeeded, renewable_until

CONSENT = "consent"


async def calling(page: MisPage) -> CentralSession:
    """Central for this page's user at their present clinic. Raises ConsentNeeded when there is no token."""
    return await session_of(page.db, page.services, page.user.id, page.user.work.clinic_id, in_page=True)


async def session_of(
    db: Connection, services: Services, user_id: UUID, clinic_id: UUID, *, in_page: bool = False
) -> CentralSession:
    """Central for a user at a clinic, outside of a page: for the sender. Raises ConsentNeeded."""
    kept = await store.tokens(db, services.vault, user_id, clinic_id)
    if kept is None:
        raise ConsentNeeded()
    return CentralSession(services, user_id, clinic_id, kept.access, in_page)


async def several(*calls: Coroutine[Any, Any, Answer]) -> list[Answer | CentralError]:
    """Answers in order; what central refused stands in its place. Raises ConsentNeeded."""
    answers = await asyncio.gather(*calls, return_exceptions=True)
    found: list[Answer | CentralError] = []
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, CentralError):
            raise answer
        found.append(answer)
    return found


async def has_token(page: MisPage) -> bool:
    """Has the user consented at the present clinic; coming back also takes back a sign-out that waits."""
    clinic_id = page.user.work.clinic_id
    is_good, ends_when_idle = await store.good(page.db, page.user.id, clinic_id, page.now)
    if ends_when_idle:
        await store.stay_signed_in(page.db, page.user.id, clinic_id)
    return is_good


async def ask(page: MisPage, wanted: str) -> str:
    """Remember where the user was, and return the address of central's consent page."""
    place = page.user.work
    client = await store.client(page.db, page.services.vault, place.clinic_id)
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    page.session.put(
        CONSENT,
        {
            "state": state,
            "verifier": verifier,
            "clinic": str(place.clinic_id),
            "next": wanted,
            "at": page.now.isoformat(),
        },
    )
    email = await store.email(page.db, page.user.id)
    scopes = scopes_for(page.user.roles, place.clinic_type)
    return consent_address(page.services.central.url, client, scopes, state=state, verifier=verifier, email=email)


def answered(page: MisPage) -> dict[str, str] | None:
    """What was remembered when consent was asked for: once only, and only for the state that comes back."""
    kept = page.session.pop(CONSENT)
    if not isinstance(kept, dict) or not hmac.compare_digest(
        kept["state"].encode(), page.query.get("state", "").encode()
    ):
        return None
    fresh = page.now - datetime.fromisoformat(kept["at"]) < STATE_LIFE
    return kept if fresh and kept["clinic"] == str(page.user.work.clinic_id) else None


async def take(page: MisPage, code: str, verifier: str) -> None:
    """Exchange the code for tokens and let waiting documents go. Raises CentralRefused, CentralUnavailable."""
    services, clinic_id = page.services, page.user.work.clinic_id
    client = await store.client(page.db, services.vault, clinic_id)
    asked = {
        "grant_type": "authorization_code",
        "client_id": str(client.id),
        "client_secret": client.secret,
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": client.redirect_uri,
        "scope": " ".join(sorted(scopes_for(page.user.roles, page.user.work.clinic_type))),
    }
    answer = await services.central.post("/oauth/tokens", body={"token": asked})
    tokens = read_tokens(answer.data)
    until = renewable_until(services, tokens)
    await store.save(page.db, services.vault, page.user.id, clinic_id, tokens, renewable_until=until)
    await consents.granted(page.db, services, Consent(page.user.id, clinic_id))
    await record(page, Event.GRANTED, clinic_id)


async def end(page: MisPage, user_id: UUID) -> None:
    """Sign out at central too, as soon as the documents that are under way are delivered (`unsettled_end`)."""
    await store.end_when_idle(page.db, user_id)


async def unsettled_end(services: Services) -> None:
    """Sign out at central those who have left and whose documents are delivered by now; for a background task."""
    async with services.database.transaction() as db:
        leaving = await store.leaving(db)
        needed = await consents.needed(db, services, leaving)
        for consent in await store.lock_leaving(db, [each for each in leaving if each not in needed]):
            await _log_out(services, db, consent.user_id, consent.clinic_id)


async def _log_out(services: Services, db: Connection, user_id: UUID, clinic_id: UUID) -> None:
    kept = await store.tokens(db, services.vault, user_id, clinic_id)
    await store.forget(db, user_id, clinic_id)
    if kept is None:
        return
    try:
        await services.central.post("/auth/logout", Bearer(kept.access))
    except CentralError as fault:  # the token is forgotten here in any case, and runs out there by itself
        logs.warning("central did not take the sign-out", fault=type(fault).__name__, user_id=user_id)
