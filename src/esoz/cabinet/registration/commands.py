"""Acts of a registration: keep a step, show what is to be signed, send it, confirm the telephone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from esoz.kernel import audit, signing
from esoz.kernel.clock import new_id
from esoz.kernel.errors import rejected
from esoz.kernel.pages import mark as _
from esoz.kernel.work import Actor, AuditEntry
from esoz.sdk import CentralRefused

from .. import access
from ..access import Newcomer, admit, connected, encoded, grant
from ..journal import record
from ..services import CabinetPage, Services
from . import store
from .holder import Holder, holder_of
from .model import KEEP, Event, Registration, Step, Typed, nonce_in, person_of, to_be_signed

AT_ONCE = 500
OLD_PAGE = _("Сторінка застаріла. Перевірте дані й підпишіть ще раз.")
UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who registers, and what they have told."""

    newcomer: Newcomer
    holder: Holder
    registration: Registration

    @property
    def person(self) -> dict[str, Any]:
        return person_of(self.holder, self.registration)


async def load(page: CabinetPage) -> Applicant | None:
    """Who registers in this session; None when nobody came with a key that central does not know."""
    newcomer = access.recall(page)
    if newcomer is None:
        return None
    found = await store.find(page.db, page.services.vault, newcomer.number)
    return Applicant(newcomer, holder_of(newcomer), found)


async def keep(page: CabinetPage, applicant: Applicant, step: Step, answers: Typed) -> None:
    """A step was told."""
    await _save(page, applicant, applicant.registration.with_answers(step, answers))
    await record(page, Event.SAVED, step)


async def content_to_sign(page: CabinetPage, applicant: Applicant) -> bytes:
    """What is signed, with a fresh nonce. Raises CentralRefused, CentralUnavailable, NotConnected."""
    client, central = await connected(page)
    body = {"client_id": str(client.id), "client_secret": client.secret}
    nonce = (await central.post("/oauth/nonce", body=body)).record()["token"]
    return to_be_signed(applicant.person, nonce)


async def send(page: CabinetPage, applicant: Applicant, content: bytes) -> bool:
    """Register by the signed text; False when central has sent a code to the telephone, which comes with `confirm`.

    Raises Rejected, CentralRefused, CentralUnavailable, NotConnected.
    """
    if to_be_signed(applicant.person, nonce_in(content)) != content:
        raise rejected("$.signed_file", OLD_PAGE)
    document = encoded((await signing.receive(page, [content], tax_id=applicant.holder.tax_id))[0])
    await record(page, Event.SENT)
    return await _sign_up(page, applicant, document)


async def confirm(page: CabinetPage, applicant: Applicant, code: int | None) -> bool:
    """The same with the code of the SMS; without it another code is sent. Raises as `send`."""
    return await _sign_up(page, applicant, applicant.registration.signed, code)


async def _sign_up(page: CabinetPage, applicant: Applicant, document: str, code: int | None = None) -> bool:
    client, central = await connected(page)
    body = {"signed_content": document, "signed_content_encoding": "base64", "token": grant(client)}
    try:
        answer = await central.post("/api/pis/sign-up", body=body | ({} if code is None else {"otp": code}))
    except CentralRefused as refused:
        if refused.type != UNVERIFIED:
            raise
        await _save(page, applicant, applicant.registration.with_signed(document))
        return False
    await store.forget(page.db, page.services.vault, applicant.newcomer.number)
    await admit(page, central, answer.record()["token"], access.Event.REGISTERED)
    return True


async def note_refused_code(page: CabinetPage) -> None:
    """Central did not take the code."""
    await record(page, Event.CODE_REFUSED)


async def take_back(page: CabinetPage, applicant: Applicant) -> None:
    """What was signed is of no use any more: it is read and signed anew."""
    await _save(page, applicant, applicant.registration.with_signed(""))


async def _save(page: CabinetPage, applicant: Applicant, registration: Registration) -> None:
    await store.save(page.db, page.services.vault, applicant.newcomer.number, registration, page.now)


async def settlements(page: CabinetPage, name: str, most: int) -> Sequence[Mapping[str, Any]]:
    """Settlements by a part of their names, cities first: of the many villages of a name few people mean one.

    Raises CentralRefused, CentralUnavailable, NotConnected.
    """
    _client, central = await connected(page)
    cities, all_kinds = await asyncio.gather(
        central.get("/api/uaddresses/settlements", name=name, type="CITY", page_size=most),
        central.get("/api/uaddresses/settlements", name=name, page_size=most),
    )
    found = {each["id"]: each for each in (*cities.rows(), *all_kinds.rows())}
    return list(found.values())[:most]


async def settlement(page: CabinetPage, text: str) -> Mapping[str, Any] | None:
    """One settlement of the register by what a picker sent; None when there is no such."""
    _client, central = await connected(page)
    try:
        return (await central.get(f"/api/uaddresses/settlements/{UUID(text)}")).record()
    except (ValueError, CentralRefused):
        return None


async def forget_old(services: Services) -> None:
    """Registrations that nobody came back for are deleted."""
    now = services.clock.now()
    async with services.database.transaction() as db:
        count = await store.forget_old(db, now - KEEP, AT_ONCE)
        if count:
            about = audit.AuditContext(now, str(new_id()), "cleaning", Actor())
            await audit.write(db, about, [AuditEntry(Event.FORGOTTEN, "", None, {"count": count})])
