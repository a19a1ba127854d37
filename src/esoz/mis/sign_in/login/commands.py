"""Signing in, choosing a workplace; making users, clinics and workplaces."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.pages import devices
from esoz.kernel.passwords import Passwords
from esoz.kernel.vault import Vault
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import Workplace, chosen_at_once
from esoz.mis.sign_in.factors import queries as factors
from esoz.mis.sign_in.factors.model import MUST_ENROL
from esoz.mis.sign_in.factors.store import exists as has_factor
from esoz.mis.sign_in.passwords import queries as passwords
from esoz.mis.sign_in.passwords.model import MUST_CHANGE, is_good

from . import confirmed, halfway, store
from .model import (
    STRONG,
    WEAK,
    Account,
    Event,
    Method,
    Noted,
    Origin,
    Outcome,
    Standing,
    crowd_standing,
    email_digest,
    standing,
)


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of a try: who came in or is asked for a code now, or where the address stands."""

    user_id: UUID | None
    standing: Standing
    needs_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Names and tax number of a user to be made."""

    last_name: str
    first_name: str
    second_name: str = ""
    tax_id: str | None = None


async def sign_in(page: MisPage, email: str, password: str) -> Tried:
    """Try a password. The same answer in the same time whether or not there is such a user.

    Tries of one address are taken one after the other, so that many at once are not more than so many in a row.
    """
    account = await store.account(page.db, email.strip())
    stored = account.password_hash if account else None
    digest = email_digest(email, page.services.secret)

    async def fits() -> bool:
        return page.services.passwords.proven(stored, password, whose=email)

    outcome, left = await _attempt(page, digest, account, Method.PASSWORD, fits)
    if outcome is not Outcome.ACCEPTED or account is None:
        return Tried(None, left)
    if await has_factor(page.db, account.id):
        number = await note(page, account, Outcome.ASKED, Method.PASSWORD)
        halfway.begin(page, account.id, number)
        await record(page, Event.CODE_ASKED, account.id)
        return Tried(account.id, left, needs_code=True)
    await arrive(page, account, Method.PASSWORD)
    return Tried(account.id, left)


async def _attempt(
    page: MisPage, digest: bytes, account: Account | None, method: Method, fits: Callable[[], Awaitable[bool]]
) -> tuple[Outcome, Standing]:
    """One counted try, and where its counter stands after it. A success is for the caller to note.

    During a pause nothing is looked at, the right secret neither: whoever waits learns nothing.
    """
    origin, user_id = origin_of(page), account.id if account else None
    await store.wait_turn(page.db, digest)
    before = await _standing(page, digest, method, origin)
    if before.paused_until:
        outcome = Outcome.THROTTLED if before.is_crowd else Outcome.PAUSED
    elif await fits() and account is not None and account.is_active:
        return Outcome.ACCEPTED, before
    else:
        outcome = Outcome.WRONG
    await store.note_try(page.db, Noted(digest, user_id, outcome, method), page.now, origin)
    await record(page, Event.REFUSED, user_id or "unknown", outcome=str(outcome), method=str(method))
    after = await _standing(page, digest, method, origin)
    has_begun = outcome is Outcome.WRONG and after.paused_until is not None and not after.is_crowd
    return outcome, replace(after, has_begun=has_begun)


def origin_of(page: MisPage) -> Origin:
    """Where the request comes from."""
    return Origin(devices.address(page.request), devices.device(page.request))


async def _standing(page: MisPage, digest: bytes, method: Method, origin: Origin) -> Standing:
    """Where the address of mail stands, or the network address when that has to wait."""
    limits, now = page.services.limits, page.now
    crowd = await store.wrong_from(page.db, origin.address, now - limits.pause, limits.from_address)
    wrong = await store.wrong_tries(page.db, digest, method.counter, now - 2 * limits.pause)
    return crowd_standing(crowd, limits) or standing(wrong, now, limits)


async def note(page: MisPage, account: Account, outcome: Outcome, method: Method) -> int:
    """Note a try of somebody known; its number."""
    digest = email_digest(account.email, page.services.secret)
    return await store.note_try(page.db, Noted(digest, account.id, outcome, method), page.now, origin_of(page))


async def try_secret(
    page: MisPage, account: Account, method: Method, fits: Callable[[], Awaitable[bool]]
) -> Standing | None:
    """A counted try of somebody known; where they stand when it is wrong or a pause lasts, None when it is right."""
    digest = email_digest(account.email, page.services.secret)
    outcome, left = await _attempt(page, digest, account, method, fits)
    return None if outcome is Outcome.ACCEPTED else left


async def try_password(page: MisPage, password: str) -> Standing | None:
    """Ask the signed-in user for the password again; as `try_secret`.

    A wrong one is counted like one at the door, so that an open screen gives no free guesses.
    """
    account = await store.account_of(page.db, page.user.id)

    async def fits() -> bool:
        return page.services.passwords.proven(account.password_hash, password, whose=account.email)

    return await try_secret(page, account, Method.PASSWORD, fits)


async def lift_pause(page: MisPage, user_id: UUID) -> None:
    """Let somebody of the same clinic sign in again at once. Raises NotFound for anybody else."""
    email = await store.colleague_email(page.db, user_id, page.user.work.clinic_id)
    if email is None:
        raise NotFound()
    for method in (Method.PASSWORD, Method.CODE):
        await end_pause(page, user_id, email, method)
    await record(page, Event.PAUSE_LIFTED, user_id)


async def end_pause(page: MisPage, user_id: UUID, email: str, method: Method = Method.PASSWORD) -> None:
    """Forgive the wrong passwords of before; or the codes, which a new password by mail must not do."""
    digest = email_digest(email, page.services.secret)
    await store.wait_turn(page.db, digest)
    lifted = Noted(digest, user_id, Outcome.LIFTED, method)
    await store.note_try(page.db, lifted, page.now, origin_of(page))


async def arrive(page: MisPage, account: Account, method: Method) -> None:
    """Somebody has proved who they are: note it, open the session, remember what must be done before work."""
    await note(page, account, Outcome.ACCEPTED, method)
    await _begin(page, account.id, method)
    is_strong = method in STRONG
    session = page.session
    session.put("welcome", True)
    session.mark(MUST_CHANGE, not is_strong and await passwords.left(page) == 0)
    session.mark(MUST_ENROL, method is Method.PASSWORD and await factors.must_enrol(page))
    confirmed.forget(page)
    if is_strong:
        confirmed.remember(page)
    await record(page, Event.SIGNED_IN, account.id, method=str(method))


async def _begin(page: MisPage, user_id: UUID, method: Method) -> None:
    """Open the session; a user with one workplace is at it at once, others choose."""
    page.sign_in(user_id, str(method))
    places = await store.workplaces(page.db, user_id)
    only = chosen_at_once(places)
    await store.choose(page.db, user_id, only.id if only else None)
    page.visitor = await store.worker(page.db, user_id)


async def choose_workplace(page: MisPage, workplace_id: UUID) -> Workplace:
    """Go to one of the user's own workplaces. Raises NotFound for another's."""
    places = {place.id: place for place in await store.workplaces(page.db, page.user.id)}
    if workplace_id not in places:
        raise NotFound()
    await store.choose(page.db, page.user.id, workplace_id)
    await record(page, Event.WORKPLACE_CHOSEN, workplace_id)
    return places[workplace_id]


async def add_user(
    db: Connection, passwords: Passwords, email: str, password: str, *, person: Person, at: datetime
) -> UUID:
    """Make a user. Raises Rejected for a weak password, Conflict (unique address) from the database."""
    if not is_good(password):
        raise rejected("$.password", WEAK)
    user_id = new_id()
    await store.add_user(
        db,
        id=user_id,
        email=email.strip(),
        last_name=person.last_name,
        first_name=person.first_name,
        second_name=person.second_name,
        tax_id=person.tax_id,
        password_hash=await passwords.hash(password),
        password_set_at=at,
        inserted_at=at,
    )
    return user_id


async def add_clinic(
    db: Connection, vault: Vault, clinic_id: UUID, *, name: str, type: str, client_secret: str, redirect_uri: str
) -> None:
    """Make a clinic: its legal entity id is the OAuth client id, the secret is that of its connection to this MIS."""
    await store.add_clinic(
        db,
        id=clinic_id,
        name=name,
        type=type,
        redirect_uri=redirect_uri,
        client_secret=vault.seal(client_secret, f"client:{clinic_id}"),
    )


async def add_workplace(
    db: Connection,
    user_id: UUID,
    clinic_id: UUID,
    *,
    role: str,
    employee_id: UUID,
    position: str = "",
    division_id: UUID | None = None,
    division_name: str = "",
) -> UUID:
    """Give a user a role at a clinic."""
    workplace_id = new_id()
    await store.add_workplace(
        db,
        id=workplace_id,
        user_id=user_id,
        clinic_id=clinic_id,
        role=role,
        employee_id=employee_id,
        position=position,
        division_id=division_id,
        division_name=division_name,
    )
    return workplace_id
