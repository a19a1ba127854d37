"""Second factors in SQL; secrets are sealed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.db import Connection, insert, insert_many
from esoz.kernel.vault import Vault

from .model import Factor


def _purpose(user_id: UUID) -> str:
    return f"totp:{user_id}"


async def find(db: Connection, vault: Vault, user_id: UUID, *, lock: bool = False) -> Factor | None:
    """The application of a user; `lock` lets one code be taken at a time."""
    row = await db.fetchrow("select * from totp where user_id = $1" + " for update" * lock, user_id)
    if row is None:
        return None
    return Factor(user_id, vault.open(row["secret"], _purpose(user_id)), row["last_step"], row["since"])


async def exists(db: Connection, user_id: UUID) -> bool:
    found: bool = await db.fetchval("select exists (select from totp where user_id = $1)", user_id)
    return found


async def add(db: Connection, vault: Vault, factor: Factor) -> None:
    """Another application in the place of the earlier one, whose recovery codes end with it."""
    await delete(db, factor.user_id)
    sealed = vault.seal(factor.secret, _purpose(factor.user_id))
    await insert(db, "totp", user_id=factor.user_id, secret=sealed, last_step=factor.last_step, since=factor.since)


async def delete(db: Connection, user_id: UUID) -> bool:
    """Forget the application and its recovery codes; False when there was none."""
    found: bool | None = await db.fetchval("delete from totp where user_id = $1 returning true", user_id)
    return bool(found)


async def use_step(db: Connection, user_id: UUID, step: int) -> None:
    await db.execute("update totp set last_step = $2 where user_id = $1", user_id, step)


async def replace_codes(db: Connection, user_id: UUID, digests: Sequence[bytes]) -> None:
    """These recovery codes and no others."""
    await db.execute("delete from recovery_codes where user_id = $1", user_id)
    await insert_many(db, "recovery_codes", ["user_id", "digest"], [(user_id, digest) for digest in digests])


async def use_code(db: Connection, user_id: UUID, digest: bytes, now: datetime) -> bool:
    """Spend a recovery code; False when there is no such, or not any more."""
    found: bool | None = await db.fetchval(
        "update recovery_codes set used_at = $3 where user_id = $1 and digest = $2 and used_at is null returning true",
        user_id,
        digest,
        now,
    )
    return bool(found)


async def codes_left(db: Connection, user_id: UUID) -> int:
    found: int = await db.fetchval(
        "select count(*) from recovery_codes where user_id = $1 and used_at is null", user_id
    )
    return found


async def notable(db: Connection, user_id: UUID) -> tuple[int | None, list[date | None]]:
    """Recovery codes that are left (None without a second factor), and from when each clinic requires one."""
    row = await db.fetchrow(
        "select case when exists (select from totp where user_id = $1) then"
        " (select count(*) from recovery_codes where user_id = $1 and used_at is null) end as codes,"
        " array(select c.second_factor_from from clinics c where c.id in"
        " (select clinic_id from workplaces where user_id = $1)) as days",
        user_id,
    )
    return row["codes"], row["days"]


async def required_days(db: Connection, user_id: UUID) -> list[date | None]:
    """From when each of the user's clinics requires a second factor."""
    rows = await db.fetch(
        "select c.second_factor_from as day from clinics c"
        " where c.id in (select clinic_id from workplaces where user_id = $1)",
        user_id,
    )
    return [row["day"] for row in rows]
