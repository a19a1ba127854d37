"""Signing in, choosing a workplace; making users, clinics and workplaces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.passwords import Passwords
from esoz.kernel.vault import Vault

from ..journal import record
from ..passwords.model import is_good
from ..services import MisPage
from ..workplace import Workplace
from . import store
from .model import (
    WEAK,
    Account,
    Event,
    Origin,
    Outcome,
    Standing,
    crowd_standing,
    device_of,
    email_digest,
    standing,
)


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of a try: the user who came in, or where the address stands now."""

    user_id: UUID | None
    standing: Standing


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
    db, origin = page.db, _origin(page)
    digest = email_digest(email, page.services.secret)
    await store.wait_turn(db, digest)
    before = await _standing(page, digest, origin)
    account = await store.account(db, email.strip())
    outcome = _outcome(page, before, account, whose=email, password=password)
    user_id = account.id if account else None
    await store.note_try(db, digest, user_id, page.now, outcome, origin=origin)
    if outcome is not Outcome.ACCEPTED or user_id is None:
        await record(page, Event.REFUSED, user_id or "unknown", outcome=str(outcome))
        return Tried(None, await _standing(page, digest, origin))
    await begin(page, user_id)
    return Tried(user_id, before)


def _origin(page: MisPage) -> Origin:
    client = page.request.client
    return Origin(client.host if client else "", device_of(page.request.headers.get("user-agent", "")))


async def _standing(page: MisPage, digest: bytes, origin: Origin) -> Standing:
    """Where the address of mail stands, or the network address when that has to wait."""
    limits, now = page.services.limits, page.now
    crowd = await store.wrong_from(page.db, origin.address, now - limits.pause, limits.from_address)
    wrong = await store.wrong_tries(page.db, digest, now - 2 * limits.pause)
    return crowd_standing(crowd, limits) or standing(wrong, now, limits)


def _outcome(page: MisPage, before: Standing, account: Account | None, *, whose: str, password: str) -> Outcome:
    """During a pause no password is looked at, the right one neither: whoever waits learns nothing."""
    if before.paused_until:
        return Outcome.THROTTLED if before.is_crowd else Outcome.PAUSED
    stored = account.password_hash if account else None
    fits = page.services.passwords.proven(stored, password, whose=whose)
    return Outcome.ACCEPTED if fits and account is not None and account.is_active else Outcome.WRONG


async def try_password(page: MisPage, password: str) -> Standing | None:
    """Ask the signed-in user for the password again; where they stand when it is wrong or a pause lasts, else None.

    A wrong one is counted like one at the door, so that an open screen gives no free guesses.
    """
    account = await store.account_of(page.db, page.user.id)
    digest, origin = email_digest(account.email, page.services.secret), _origin(page)
    await store.wait_turn(page.db, digest)
    before = await _standing(page, digest, origin)
    outcome = _outcome(page, before, account, whose=account.email, password=password)
    if outcome is Outcome.ACCEPTED:
        return None
    await store.note_try(page.db, digest, account.id, page.now, outcome, origin=origin)
    await record(page, Event.REFUSED, account.id, outcome=str(outcome))
    return await _standing(page, digest, origin)


async def lift_pause(page: MisPage, user_id: UUID) -> None:
    """Let somebody of the same clinic sign in again at once. Raises NotFound for anybody else."""
    email = await store.colleague_email(page.db, user_id, page.user.work.clinic_id)
    if email is None:
        raise NotFound()
    await end_pause(page, user_id, email)
    await record(page, Event.PAUSE_LIFTED, user_id)


async def end_pause(page: MisPage, user_id: UUID, email: str) -> None:
    """Forgive the wrong passwords of before."""
    digest = email_digest(email, page.services.secret)
    await store.wait_turn(page.db, digest)
    await store.note_try(page.db, digest, user_id, page.now, Outcome.LIFTED, origin=_origin(page))


async def begin(page: MisPage, user_id: UUID) -> None:
    """Open the session; a user with one workplace is at it at once, others choose."""
    page.sign_in(user_id)
    places = await store.workplaces(page.db, user_id)
    await store.choose(page.db, user_id, places[0].id if len(places) == 1 else None)
    page.visitor = await store.worker(page.db, user_id)
    await record(page, Event.SIGNED_IN, user_id)


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
