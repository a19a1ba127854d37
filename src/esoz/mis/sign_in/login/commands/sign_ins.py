"""Signing in by password, ending a pause, choosing a workplace."""

from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import Workplace
from esoz.mis.sign_in import accounts, factors

from .. import store
from ..model import Event
from . import pending
from .arrivals import arrive


@dataclass(frozen=True, slots=True)
class SignInResult:
    """The result of a try: who came in or is asked for a code now, or where the address stands."""

    user_id: UUID | None
    lockout: accounts.LockoutState
    needs_code: bool = False


async def sign_in(page: MisPage, email: str, password: str) -> SignInResult:
    """Try a password. The same answer in the same time whether or not there is such a user.

    Tries of one address are taken one after the other, so that many at once are not more than so many in a row.
    """
    account = await accounts.account(page.db, email.strip())
    stored = account.password_hash if account else None
    digest = accounts.email_digest(email, page.services.secret)

    async def fits() -> bool:
        return page.services.passwords.proven(stored, password, whose=email)

    outcome, left = await accounts.attempt(page, digest, account, accounts.Method.PASSWORD, fits)
    if outcome is not accounts.Outcome.ACCEPTED or account is None:
        return SignInResult(None, left)
    if await factors.exists(page.db, account.id):
        number = await accounts.note(page, account, accounts.Outcome.ASKED, accounts.Method.PASSWORD)
        pending.begin(page, account.id, number)
        await record(page, Event.CODE_ASKED, account.id)
        return SignInResult(account.id, left, needs_code=True)
    await arrive(page, account, accounts.Method.PASSWORD)
    return SignInResult(account.id, left)


async def lift_pause(page: MisPage, user_id: UUID) -> None:
    """Let somebody of the same clinic sign in again at once. Raises NotFound for anybody else."""
    email = await store.colleague_email(page.db, user_id, page.user.work.clinic_id)
    if email is None:
        raise NotFound()
    for method in (accounts.Method.PASSWORD, accounts.Method.CODE):
        await accounts.end_pause(page, user_id, email, method)
    await record(page, Event.PAUSE_LIFTED, user_id)


async def choose_workplace(page: MisPage, workplace_id: UUID) -> Workplace:
    """Go to one of the user's own workplaces. Raises NotFound for another's."""
    places = {place.id: place for place in await store.workplaces(page.db, page.user.id)}
    if workplace_id not in places:
        raise NotFound()
    await store.choose(page.db, page.user.id, workplace_id)
    await record(page, Event.WORKPLACE_CHOSEN, workplace_id)
    return places[workplace_id]
