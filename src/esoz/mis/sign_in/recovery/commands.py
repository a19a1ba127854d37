"""Asking for a link, sending it, setting a new password by it."""

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
from esoz.mis.sign_in import login
from esoz.mis.sign_in.passwords import commands as passwords
from esoz.mis.sign_in.passwords import store as password_store

from . import store
from .model import HOUR, KEPT, TOKEN_BYTES, TOKEN_LENGTH, Event, digest_of, is_open, may_send

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
            await put(db, Message("mail", user["email"], body, SUBJECT), id=new_id(), now=now)
            about = audit.AuditContext(now, str(new_id()), str(Event.SENT), Actor(user_id=user["id"]))
            await audit.write(db, about, [AuditEntry(str(Event.SENT), str(user["id"]), None, {})])


async def user_of(page: MisPage, token: str, *, lock: bool = False) -> UUID | None:
    """Whose link this is; None when it leads nowhere (any more)."""
    if len(token) != TOKEN_LENGTH:
        return None
    row = await store.find(page.db, digest_of(token), lock=lock)
    open_ = row is not None and is_open(row["sent_at"], row["used_at"], page.now)
    return row["user_id"] if row is not None and open_ else None


async def renew(page: MisPage, token: str, user_id: UUID, new: str, again: str) -> dict[str, str]:
    """Set the new password, spend the link, end all sessions and the pause; faults by field, none when it is done."""
    secret = await password_store.secret(page.db, user_id, lock=True)
    errors = await passwords.renew(page, secret, new, again)
    if errors:
        return errors
    await store.use(page.db, digest_of(token), page.now)
    await login.end_pause(page, user_id, secret.email)
    await record(page, Event.USED, user_id)
    return {}


async def forget_old(db: Connection, now: datetime) -> None:
    """Delete links that have led nowhere for a day."""
    await store.delete_old(db, now - KEPT)
