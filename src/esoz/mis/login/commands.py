"""Signing in, choosing a workplace; making users, clinics and workplaces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.passwords import Passwords

from ..journal import record
from ..services import MisPage
from ..vault import Vault
from ..workplace import Workplace
from . import store
from .model import WEAK, Event, Outcome, Standing, email_digest, is_strong, standing


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
    """Try a password. The same answer in the same time whether or not there is such a user."""
    db, now = page.db, page.now
    digest = email_digest(email, page.services.secret)
    await store.wait_turn(db, digest)
    before = standing(await store.wrong_tries(db, digest, now), now)
    account = await store.account(db, email.strip())
    fits = await page.services.passwords.matches(account.password_hash if account else None, password)
    outcome = Outcome.PAUSED if before.paused_until else _judged(fits and account is not None and account.is_active)
    user_id = account.id if account else None
    client = page.request.client
    await store.note_try(db, digest, user_id, now, outcome, address=client.host if client else "")
    if outcome is not Outcome.ACCEPTED or user_id is None:
        await record(page, Event.REFUSED, user_id or "unknown", outcome=str(outcome))
        return Tried(None, standing(await store.wrong_tries(db, digest, now), now))
    await _begin(page, user_id)
    return Tried(user_id, before)


def _judged(fits: bool) -> Outcome:
    return Outcome.ACCEPTED if fits else Outcome.WRONG


async def _begin(page: MisPage, user_id: UUID) -> None:
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
    if not is_strong(password):
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
