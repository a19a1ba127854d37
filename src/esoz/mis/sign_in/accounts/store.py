"""Users as signing in sees them, their tries and answered challenges, in SQL."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model

from .model import Account, Origin, SignInAttempt

_ACCOUNT = "select id, email, password_hash, is_active from users"


async def account(db: Connection, email: str) -> Account | None:
    row = await db.fetchrow(f"{_ACCOUNT} where lower(email) = lower($1)", email)
    return as_model(Account, row) if row else None


async def account_of(db: Connection, user_id: UUID) -> Account:
    return as_model(Account, await db.fetchrow(f"{_ACCOUNT} where id = $1", user_id))


async def accounts_of_code(db: Connection, code: str) -> list[Account]:
    """Active users with this tax id or passport number, as `plain_number` writes it."""
    rows = await db.fetch(f"{_ACCOUNT} where is_active and plain_number(tax_id) = $1 order by id limit 2", code)
    return [as_model(Account, row) for row in rows]


async def spend(db: Connection, digest: bytes, at: datetime) -> bool:
    """Note that a challenge was answered; False when it was answered before."""
    first: bool | None = await db.fetchval(
        "insert into spent_challenges (digest, at) values ($1, $2) on conflict do nothing returning true", digest, at
    )
    return bool(first)


async def forget_spent(db: Connection, before: datetime) -> None:
    await db.execute("delete from spent_challenges where at < $1", before)


async def wait_turn(db: Connection, digest: bytes) -> None:
    """One try of an address at a time, so that tries in parallel are counted like tries in a row."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))", digest)


async def wrong_tries(db: Connection, digest: bytes, counter: str, since: datetime) -> list[datetime]:
    """Wrong tries of one counter since its last success or the lifting of a pause, oldest first."""
    rows = await db.fetch(
        "select at from sign_ins where email_digest = $1 and counter = $2 and outcome = 'wrong' and at > $3"
        " and number > coalesce((select max(number) from sign_ins where email_digest = $1 and counter = $2"
        " and outcome in ('accepted', 'asked', 'passed', 'lifted')), 0) order by number",
        digest,
        counter,
        since,
    )
    return [row["at"] for row in rows]


async def wrong_from(db: Connection, address: str, since: datetime, limit: int) -> list[datetime]:
    """The newest wrong tries from one network address, oldest first."""
    rows = await db.fetch(
        "select at from sign_ins where address = $1 and outcome = 'wrong' and at > $2 order by at desc limit $3",
        address,
        since,
        limit,
    )
    return [row["at"] for row in reversed(rows)]


async def note_try(db: Connection, tried: SignInAttempt, at: datetime, origin: Origin) -> int:
    """The number of the try."""
    number: int = await db.fetchval(
        "insert into sign_ins (email_digest, user_id, at, outcome, method, address, device)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning number",
        tried.digest,
        tried.user_id,
        at,
        str(tried.outcome),
        str(tried.method),
        origin.address,
        origin.device,
    )
    return number


async def mark_passed(db: Connection, number: int) -> None:
    """The code came: the try of the password is a part of a sign-in that is shown as a whole."""
    await db.execute("update sign_ins set outcome = 'passed' where number = $1", number)
