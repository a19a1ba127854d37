"""Changing a password, choosing its term, reminding of its end."""

from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.outbox import Message, put
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.sessions import end_all
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.sign_in import accounts

from . import store
from .model import (
    DIFFER,
    LONGEST,
    MUST_CHANGE,
    NOT_GOOD,
    PAUSED,
    REMEMBERED,
    TOO_LONG,
    USED,
    WRONG_CURRENT,
    Event,
    days_left,
    is_good,
    reminder,
    shortest,
)

SUBJECT = _("Змініть пароль робочого місця")
TEXT = _(
    "Ваш пароль до робочого місця ЕСОЗ діє ще {days} дн. Увійдіть і змініть його: {url}/account/password\n\n"
    "Якщо не встигнете, роботу не буде втрачено: після входу відкриється сторінка зміни пароля."
)


async def change(page: MisPage, current: str, new: str, again: str) -> dict[str, str]:
    """Change the user's password and end the user's other sessions; return faults by field, none when it is changed."""
    refused = await accounts.try_password(page, current)
    if refused is not None:
        return {"current": PAUSED if refused.paused_until else WRONG_CURRENT}
    secret = await store.secret(page.db, page.user.id, lock=True)
    errors = await _renew(page, secret, new, again)
    if not errors:
        page.session.pop(MUST_CHANGE)
    return errors


async def choose(page: MisPage, user_id: UUID, new: str, again: str) -> dict[str, str]:
    """Set a password by a link that proves who the user is; faults as `change`."""
    return await _renew(page, await store.secret(page.db, user_id, lock=True), new, again)


async def _renew(page: MisPage, secret: store.Secret, new: str, again: str) -> dict[str, str]:
    """Set a new password of a user whom we know to be themselves, and end their other sessions; faults as `change`."""
    if len(new) > LONGEST:
        return {"new": TOO_LONG}
    if not is_good(new, secret.own):
        return {"new": NOT_GOOD}
    if new != again:
        return {"again": DIFFER}
    before = await store.hashes_before(page.db, secret.user_id, REMEMBERED - 1)
    for each in (secret.password_hash, *before):
        if await page.services.passwords.matches(each, new):
            return {"new": USED}
    hashed = await page.services.passwords.hash(new)
    await store.replace(page.db, secret, hashed, page.now, remembered=REMEMBERED - 1)
    await end_all(page.db, secret.user_id, but=page.session)
    await record(page, Event.CHANGED, secret.user_id)
    return {}


async def set_term(page: MisPage, days: int | None) -> None:
    """Choose a term for the present clinic; None: the operator's."""
    await store.set_term(page.db, page.user.work.clinic_id, days)
    await record(page, Event.TERM_SET, page.user.work.clinic_id, days=days)


async def remind(services: Services) -> None:
    """Send the reminders that are due, each once; for a background work."""
    now = services.clock.now()
    async with services.database.transaction() as db:
        for secret in await store.not_reminded(db):
            left = days_left(secret.set_at, now, shortest(services.limits.password_days, secret.terms))
            days = reminder(left)
            if days is not None and await store.note_reminder(db, secret, days):
                body = TEXT.format(days=left, url=services.base_url)
                await put(db, Message("mail", secret.email, body, SUBJECT), id=new_id(), now=now)
