"""Asking for a link, sending it, spending it."""

import secrets
from datetime import datetime
from uuid import UUID

from esoz.kernel import audit
from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.outbox import Message, put
from esoz.kernel.pages import mark as _
from esoz.kernel.work import Actor, AuditEntry
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.sign_in import accounts

from . import store
from .model import HOUR, KEPT, TOKEN_BYTES, Event, digest_of, may_send

SUBJECT = _("Новий пароль робочого місця")
TEXT = _(
    "Щоб задати новий пароль робочого місця ЕСОЗ, відкрийте посилання. Воно діє 30 хвилин і лише один раз:\n\n"
    "{url}/recover/{token}\n\n"
    "Якщо Ви цього не просили, нічого не робіть: пароль не змінено."
)


async def ask(page: MisPage, email: str) -> None:
    """Note the request of any address alike: whether it is known here shows neither in the answer nor in its time."""
    await store.ask(page.db, email, page.now)
    await record(page, Event.ASKED, "unknown")


async def send_asked(services: Services) -> None:
    """Send links to those who asked and are known here; for a background work."""
    while True:
        async with services.database.transaction() as db:
            email = await store.taken_request(db)
            if email is None:
                return
            now, user = services.clock.now(), await store.user_of(db, email)
            if user is None or not may_send(await store.sent_since(db, user["id"], now - HOUR), now):
                continue
            token = secrets.token_urlsafe(TOKEN_BYTES)
            await store.add(db, digest_of(token), user["id"], now)
            body = TEXT.format(url=services.base_url, token=token)
            await put(db, Message("mail", user["email"], body, SUBJECT, urgent=True), id=new_id(), now=now)
            about = audit.AuditContext(now, str(new_id()), str(Event.SENT), Actor(user_id=user["id"]))
            await audit.write(db, about, [AuditEntry(str(Event.SENT), str(user["id"]), None, {})])


async def spend(page: MisPage, token: str, user_id: UUID) -> None:
    """A new password was set by the link: it leads nowhere any more, and wrong passwords of before are forgiven."""
    await store.use(page.db, digest_of(token), page.now)
    account = await accounts.account_of(page.db, user_id)
    await accounts.end_pause(page, user_id, account.email)
    await record(page, Event.USED, user_id)


async def forget_old(db: Connection, now: datetime) -> None:
    """Delete links that have led nowhere for a day."""
    await store.delete_old(db, now - KEPT)
