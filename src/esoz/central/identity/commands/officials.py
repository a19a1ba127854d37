"""People of central itself: administrators, and operators of the contact centre whom they appoint."""

from uuid import UUID

from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.work import Work

from ..model import ADMINISTRATOR, Event, User, is_email, is_phone, password_faults
from ..store import users as users_store
from .passwords import ask_reset
from .registry import create_user, require_factor


async def create_administrator(work: Work, *, email: str, password: str, phone: str | None = None) -> User:
    """Make an administrator of central; a second factor is required of them from the first sign-in on.

    Raises Rejected when the password or the phone may not be taken.
    """
    return await _create(work, ADMINISTRATOR, email=email, password=password, phone=phone)


async def create_official(work: Work, role: str, *, email: str, password: str, phone: str) -> User:
    """The same for another role of central's own. Raises Rejected."""
    return await _create(work, role, email=email, password=password, phone=phone)


async def _create(work: Work, role: str, *, email: str, password: str, phone: str | None) -> User:
    if faults := password_faults(password, [email]):
        raise rejected("$.password", faults[0])
    if phone is not None and not is_phone(phone):
        raise rejected("$.phone", "invalid phone")
    user = await create_user(work, email=email, password=password)
    await _give(work, user.id, role)
    await require_factor(work, user.id, phone=phone)
    return user


async def appoint(work: Work, role: str, *, email: str, phone: str, reset_page: str) -> User:
    """Give somebody a role of central: who has an account keeps the password, a new one sets it by the link of a mail.

    Who had no second factor gets the codes at `phone` from now on. Raises Rejected naming email or phone.
    """
    if not is_email(email):
        raise rejected("$.email", "invalid e-mail", rule="format")
    if not is_phone(phone):
        raise rejected("$.phone", "invalid phone", rule="format")
    user = await users_store.user_by_email(work.db, email.strip())
    if user is not None and user.is_blocked:
        raise rejected("$.email", "user is blocked")
    if user is None:
        # Nobody knows this password: the first one of theirs is set by the link of a mail.
        user = await create_user(work, email=email, password=f"Aa1{work.dependencies.random(32).hex()}")
        await ask_reset(work, email, page=reset_page)
    await _give(work, user.id, role)
    factor = await users_store.factor(work.db, user.id)
    if factor is None or factor.factor is None:
        await require_factor(work, user.id, phone=phone)
    return user


async def dismiss(work: Work, user_id: UUID, role: str) -> None:
    """Take a role of central back. Raises NotFound for who has not got it."""
    if not await users_store.remove_global_role(work.db, user_id, role):
        raise NotFound()
    work.record(Event.ROLE_TAKEN, user_id, role=role)


async def _give(work: Work, user_id: UUID, role: str) -> None:
    await users_store.add_global_role(work.db, user_id, role, work.now)
    work.record(Event.ROLE_GIVEN, user_id, role=role)
