"""Passwords and their past, in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Row, as_model


@dataclass(frozen=True, slots=True)
class Secret:
    """The present password of a user, whose it is, and the terms that the user's clinics chose."""

    user_id: UUID
    email: str
    last_name: str
    first_name: str
    password_hash: str
    set_at: datetime
    terms: Sequence[int]

    @property
    def own(self) -> tuple[str, ...]:
        """What the user's password may not be made of."""
        return (self.email, self.last_name, self.first_name)


_SECRET = """
    select u.id as user_id, u.email, u.last_name, u.first_name, u.password_hash, u.password_set_at as set_at,
      array(select c.password_days from workplaces w join clinics c on c.id = w.clinic_id
        where w.user_id = u.id and c.password_days is not null) as terms
    from users u
"""


async def secret(db: Connection, user_id: UUID, *, lock: bool = False) -> Secret:
    """The present password of a user; `lock` lets one change happen at a time."""
    row = await db.fetchrow(f"{_SECRET} where u.id = $1" + " for update" * lock, user_id)
    return as_model(Secret, row)


async def hashes_before(db: Connection, user_id: UUID, limit: int) -> list[str]:
    """Hashes of the newest passwords of before."""
    rows = await db.fetch(
        "select password_hash from password_history where user_id = $1 order by replaced_at desc limit $2",
        user_id,
        limit,
    )
    return [row["password_hash"] for row in rows]


async def replace(db: Connection, old: Secret, password_hash: str, now: datetime, *, remembered: int) -> None:
    """Set a new password; so many of before are remembered."""
    await db.execute(
        "insert into password_history (user_id, password_hash, replaced_at) values ($1, $2, $3)",
        old.user_id,
        old.password_hash,
        now,
    )
    await db.execute(
        "delete from password_history where user_id = $1 and number not in"
        " (select number from password_history where user_id = $1 order by replaced_at desc, number desc limit $2)",
        old.user_id,
        remembered,
    )
    await db.execute(
        "update users set password_hash = $2, password_set_at = $3 where id = $1", old.user_id, password_hash, now
    )


async def term(db: Connection, clinic_id: UUID) -> int | None:
    """The term that a clinic chose; None: the operator's."""
    found: int | None = await db.fetchval("select password_days from clinics where id = $1", clinic_id)
    return found


async def set_term(db: Connection, clinic_id: UUID, days: int | None) -> None:
    await db.execute("update clinics set password_days = $2 where id = $1", clinic_id, days)


async def not_reminded(db: Connection) -> list[Secret]:
    """Everybody who works here, with the password that is announced to end."""
    rows: Sequence[Row] = await db.fetch(f"{_SECRET} where u.is_active")
    return [as_model(Secret, row) for row in rows]


async def note_reminder(db: Connection, secret: Secret, days: int) -> bool:
    """Remember that this one was sent; False when it was sent before."""
    taken: bool | None = await db.fetchval(
        "insert into password_reminders (user_id, set_at, days) values ($1, $2, $3) on conflict do nothing"
        " returning true",
        secret.user_id,
        secret.set_at,
        days,
    )
    return bool(taken)
