"""Counted tries: one after the other for an address, and none looked at during a pause."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from esoz.kernel import strangers
from esoz.kernel.pages import devices
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from .. import store
from ..model import (
    Account,
    Event,
    LockoutState,
    Method,
    Origin,
    Outcome,
    SignInAttempt,
    crowd_lockout,
    email_digest,
    lockout,
)
from . import confirmation


async def attempt(
    page: MisPage, digest: bytes, account: Account | None, method: Method, fits: Callable[[], Awaitable[bool]]
) -> tuple[Outcome, LockoutState]:
    """One counted try, and where its counter stands after it. A success is for the caller to note.

    During a pause nothing is looked at, the right secret neither: whoever waits learns nothing.
    """
    origin, user_id = origin_of(page), account.id if account else None
    await store.wait_turn(page.db, digest)
    before = await _lockout(page, digest, method, origin)
    if before.paused_until:
        outcome = Outcome.THROTTLED if before.is_crowd else Outcome.PAUSED
    elif await fits() and account is not None and account.is_active:
        return Outcome.ACCEPTED, before
    else:
        outcome = Outcome.WRONG
    await store.note_try(page.db, SignInAttempt(digest, user_id, outcome, method), page.now, origin)
    if user_id is None or outcome is not Outcome.WRONG:  # a pause is told once: what comes meanwhile is counted
        strangers.note(str(Event.REFUSED), str(outcome))
    else:
        await record(page, Event.REFUSED, user_id, outcome=str(outcome), method=str(method))
    after = await _lockout(page, digest, method, origin)
    has_begun = outcome is Outcome.WRONG and after.paused_until is not None and not after.is_crowd
    return outcome, replace(after, has_begun=has_begun)


def origin_of(page: MisPage) -> Origin:
    """Where the request comes from."""
    return Origin(devices.address(page.request), devices.device(page.request))


async def _lockout(page: MisPage, digest: bytes, method: Method, origin: Origin) -> LockoutState:
    """Where the address of mail stands, or the network address when that has to wait."""
    limits, now = page.services.limits, page.now
    crowd = await store.wrong_from(page.db, origin.address, now - limits.pause, limits.from_address)
    wrong = await store.wrong_tries(page.db, digest, method.counter, now - 2 * limits.pause)
    return crowd_lockout(crowd, limits) or lockout(wrong, now, limits)


async def note(page: MisPage, account: Account, outcome: Outcome, method: Method) -> int:
    """Note a try of somebody known; its number."""
    digest = email_digest(account.email, page.services.secret)
    return await store.note_try(page.db, SignInAttempt(digest, account.id, outcome, method), page.now, origin_of(page))


async def try_secret(
    page: MisPage, account: Account, method: Method, fits: Callable[[], Awaitable[bool]]
) -> LockoutState | None:
    """A counted try of somebody known; where they stand when it is wrong or a pause lasts, None when it is right."""
    digest = email_digest(account.email, page.services.secret)
    outcome, left = await attempt(page, digest, account, method, fits)
    return None if outcome is Outcome.ACCEPTED else left


async def try_password(page: MisPage, password: str) -> LockoutState | None:
    """Ask the signed-in user for the password again; as `try_secret`.

    A wrong one is counted like one at sign-in, so that an open screen gives no free guesses.
    """
    account = await store.account_of(page.db, page.user.id)

    async def fits() -> bool:
        return page.services.passwords.proven(account.password_hash, password, whose=account.email)

    return await try_secret(page, account, Method.PASSWORD, fits)


async def end_pause(page: MisPage, user_id: UUID, email: str, method: Method = Method.PASSWORD) -> None:
    """Forgive the wrong passwords of before; or the codes, which a new password by mail must not do."""
    digest = email_digest(email, page.services.secret)
    await store.wait_turn(page.db, digest)
    lifted = SignInAttempt(digest, user_id, Outcome.LIFTED, method)
    await store.note_try(page.db, lifted, page.now, origin_of(page))


async def refuse(page: MisPage, account: Account | None, method: Method) -> None:
    """Note that a key opened nothing: there is nothing to guess, so it is not counted. Its user is shown it."""
    digest = email_digest(account.email if account else "", page.services.secret)
    user_id = account.id if account else None
    await store.note_try(page.db, SignInAttempt(digest, user_id, Outcome.REFUSED, method), page.now, origin_of(page))
    if user_id is None:
        strangers.note(str(Event.REFUSED), str(Outcome.REFUSED))
    else:
        await record(page, Event.REFUSED, user_id, outcome=str(Outcome.REFUSED), method=str(method))


async def confirm(page: MisPage, password: str) -> LockoutState | None:
    """Take the password again before a change of the ways in; as `try_password`."""
    refused = await try_password(page, password)
    if refused is None:
        confirmation.remember(page)
        await record(page, Event.CONFIRMED, page.user.id)
    return refused
