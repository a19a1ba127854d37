"""Users, clinics, workplaces and tries to sign in, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert

from ..workplace import Worker, Workplace
from .model import WINDOW, Account, Outcome, Previous

_PLACE = (
    "select w.id, w.clinic_id, c.name as clinic_name, c.type as clinic_type, w.role, w.employee_id, w.division_id,"
    " w.division_name, w.position from workplaces w join clinics c on c.id = w.clinic_id"
)


async def account(db: Connection, email: str) -> Account | None:
    row = await db.fetchrow("select id, password_hash, is_active from users where lower(email) = lower($1)", email)
    return as_model(Account, row) if row else None


async def worker(db: Connection, user_id: UUID) -> Worker | None:
    """The user with their present workplace; None when they may not sign in any more."""
    row = await db.fetchrow("select * from users where id = $1 and is_active", user_id)
    if row is None:
        return None
    place = await db.fetchrow(f"{_PLACE} where w.id = $1", row["workplace_id"]) if row["workplace_id"] else None
    return Worker(
        row["id"],
        row["last_name"],
        row["first_name"],
        row["second_name"],
        row["tax_id"],
        as_model(Workplace, place) if place else None,
    )


async def workplaces(db: Connection, user_id: UUID) -> list[Workplace]:
    rows = await db.fetch(f"{_PLACE} where w.user_id = $1 order by c.name, w.position, w.id", user_id)
    return [as_model(Workplace, row) for row in rows]


async def choose(db: Connection, user_id: UUID, workplace_id: UUID | None) -> None:
    await db.execute("update users set workplace_id = $2 where id = $1", user_id, workplace_id)


async def wait_turn(db: Connection, digest: bytes) -> None:
    """One try of an address at a time, so that tries in parallel are counted like tries in a row."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))", digest)


async def wrong_tries(db: Connection, digest: bytes, now: datetime) -> list[datetime]:
    """Counted wrong tries since the last success, oldest first, as far back as the rule looks."""
    rows = await db.fetch(
        "select at from sign_ins where email_digest = $1 and outcome = 'wrong' and at > $2 and number > coalesce("
        " (select max(number) from sign_ins where email_digest = $1 and outcome = 'accepted'), 0) order by number",
        digest,
        now - 2 * WINDOW,
    )
    return [row["at"] for row in rows]


async def note_try(
    db: Connection, digest: bytes, user_id: UUID | None, at: datetime, outcome: Outcome, *, address: str
) -> None:
    await insert(
        db, "sign_ins", email_digest=digest, user_id=user_id, at=at, outcome=str(outcome), address=address[:64]
    )


async def previous(db: Connection, user_id: UUID) -> Previous:
    """The success before the present one, and wrong or paused tries after it."""
    before = await db.fetchrow(
        "select number, at from sign_ins where user_id = $1 and outcome = 'accepted' order by number desc"
        " offset 1 limit 1",
        user_id,
    )
    wrong = await db.fetchval(
        "select count(*) from sign_ins where user_id = $1 and outcome <> 'accepted' and number > $2",
        user_id,
        before["number"] if before else 0,
    )
    return Previous(before["at"] if before else None, wrong)


async def add_user(db: Connection, **columns: object) -> None:
    await insert(db, "users", **columns)


async def add_clinic(db: Connection, **columns: object) -> None:
    await insert(db, "clinics", **columns)


async def add_workplace(db: Connection, **columns: object) -> None:
    await insert(db, "workplaces", **columns)


async def other_sessions(db: Connection, user_id: UUID, present: bytes) -> bool:
    """Is the user signed in at another browser too."""
    found: bool = await db.fetchval(
        "select exists (select from sessions where user_id = $1 and id <> $2)", user_id, present
    )
    return found


async def roles_at(db: Connection, user_id: UUID, clinic_id: UUID) -> Sequence[str]:
    rows = await db.fetch(
        "select distinct role from workplaces where user_id = $1 and clinic_id = $2", user_id, clinic_id
    )
    return [row["role"] for row in rows]
