"""Passwords: changed by who knows the present one, reset by a link in a mail, reminded of before their end."""

from datetime import timedelta
from uuid import UUID

from esoz.kernel.errors import AccessDenied, Invalid, NotFound, Rejected, rejected
from esoz.kernel.outbox import Message, post
from esoz.kernel.work import Work

from ..model import (
    CHANGE_PASSWORD,
    PASSWORDS_REMEMBERED,
    REMINDERS,
    RESET_LIFE,
    Event,
    SignInRules,
    TokenName,
    User,
    days_left,
    digest,
    email_key,
    password_faults,
    reminder_due,
)
from ..policy import live_token
from ..secrets import new_value
from ..store import tokens as tokens_store
from ..store import users as users_store
from .sign_in import passwords, prove_password

USED = "This password has been used recently. Try another one"  # AUTH-11
RESETS_WINDOW = timedelta(minutes=1)
BATCH = 200
CHANGED_SUBJECT = "Пароль в ЕСОЗ змінено"
CHANGED_TEXT = (
    "Ваш пароль в ЕСОЗ змінено. Якщо це зробили не Ви, задайте новий пароль: {address}\nі повідомте керівника закладу."
)
RESET_SUBJECT = "Новий пароль в ЕСОЗ"
RESET_TEXT = (
    "Щоб задати новий пароль в ЕСОЗ, відкрийте посилання протягом 25 хвилин:\n{address}\n\n"
    "Якщо Ви цього не просили, нічого не робіть: пароль не зміниться."
)
REMINDER_SUBJECT = "Змініть пароль в ЕСОЗ"
REMINDER_TEXT = (
    "Строк дії Вашого пароля в ЕСОЗ спливає. Залишилося днів: {days}.\n"
    "Змініть пароль заздалегідь: {address}\n\nБез нового пароля МІС не зможе працювати з ЕСОЗ від Вашого імені."
)


async def change_password(work: Work, user_id: UUID, current: str, new: str, *, entry: str = "$.user.password") -> None:
    """Change a password whose holder knows it (AUTH-12). Every token of the user ends.

    Raises the refusals of prove_password, Rejected at `entry` (AUTH-10, AUTH-11).
    """
    user = await users_store.user_by_id(work.db, user_id)
    if user is None or user.email is None:
        raise AccessDenied()
    await set_password(work, await prove_password(work, user.email, current), new, entry=entry)


async def change_own_password(work: Work, current: str, new: str) -> None:
    """The same for a bearer of the restricted token, which ends with it."""
    token = await live_token(work, work.actor.token_id, (TokenName.SESSION,))
    if CHANGE_PASSWORD not in token.scopes:
        raise AccessDenied()
    await change_password(work, token.user_id, current, new)


async def set_password(work: Work, user: User, new: str, *, entry: str) -> None:
    """Take a new password when it may be taken, and end everything that stood on the old one."""
    if faults := password_faults(new, [user.email or ""]):
        raise Rejected(invalid=tuple(Invalid(entry, "invalid", message) for message in faults))
    await users_store.lock_user(work.db, user.id)
    old = [user.password_hash] if user.password_hash else []
    for hashed in old + await users_store.remembered_passwords(work.db, user.id):
        if await passwords.matches(hashed, new):
            raise rejected(entry, USED)
    for hashed in old:
        await users_store.remember_password(work.db, user.id, hashed, at=work.now, keep=PASSWORDS_REMEMBERED)
    await users_store.set_password(work.db, user.id, await passwords.hash(new), work.now)
    await tokens_store.expire_all_tokens(work.db, user.id, work.now)
    if user.email:
        address = f"{work.dependencies.settings.url('central')}/password/forgotten"
        await post(work, Message("mail", user.email, CHANGED_TEXT.format(address=address), CHANGED_SUBJECT))
    work.record(Event.PASSWORD_CHANGED, user.id)


async def ask_reset(work: Work, email: str, *, page: str) -> None:
    """Mail a link to set a new password; whoever asks is told the same (differs from AUTH-39 on purpose)."""
    user = await users_store.user_by_email(work.db, email.strip())
    known = user is not None and not user.is_blocked and user.password_hash is not None
    value, user_id = new_value(work.dependencies.random), user.id if user is not None and known else None
    if user_id and await users_store.resets_since(work.db, user_id, work.now - RESETS_WINDOW):
        user_id = None
    until = work.now + RESET_LIFE
    await users_store.insert_reset(
        work.db, id=work.new_id(), value_hash=digest(value), user_id=user_id, at=work.now, until=until
    )
    work.record(Event.RESET_ASKED, user_id or "unknown")
    if user is not None and user.email and user_id:
        text = RESET_TEXT.format(address=f"{page}?token={value}")
        await post(work, Message("mail", user.email, text, RESET_SUBJECT, urgent=True))


async def must_be_open_reset(work: Work, value: str) -> UUID:
    """The user of a link that may still be used; raise NotFound, or Rejected when it is too old (AUTH-39)."""
    row = await users_store.lock_reset(work.db, digest(value))
    if row is None or row["user_id"] is None or row["used_at"] is not None:
        raise NotFound()
    if row["expires_at"] <= work.now:
        raise Rejected("Credentials recovery request is expired")
    user_id: UUID = row["user_id"]
    return user_id


async def reset_password(work: Work, value: str, new: str, *, entry: str = "$.password") -> UUID:
    """Set a new password by the link of a mail, under the same rules (AUTH-40); sign-in with it comes after."""
    user = await users_store.user_by_id(work.db, await must_be_open_reset(work, value))
    if user is None or user.is_blocked or user.email is None:
        raise NotFound()
    await set_password(work, user, new, entry=entry)
    await users_store.use_resets(work.db, user.id, work.now)
    await users_store.delete_failures(work.db, email_key(user.email))
    return user.id


async def remind_of_terms(work: Work) -> None:
    """Mail those whose password ends in 14, 7, 3 days or 1 day (decision 11)."""
    rules = SignInRules.of(work.dependencies.settings)
    if rules.term is None:
        return
    address = f"{work.dependencies.settings.url('central')}/account"
    earliest = work.now - rules.term + timedelta(days=max(REMINDERS) + 1)
    for row in await users_store.users_to_remind(work.db, earliest, BATCH):
        left = days_left(row["password_set_at"], work.now, rules)
        due = reminder_due(left, row["reminded_days"]) if left is not None else None
        if due is None:
            continue
        await users_store.set_reminded(work.db, row["id"], due)
        text = REMINDER_TEXT.format(days=left, address=address)
        await post(work, Message("mail", row["email"], text, REMINDER_SUBJECT))
        work.record(Event.PASSWORD_REMINDED, row["id"])
