"""The last answer of the register, in SQL: there is one."""

from dataclasses import asdict
from datetime import datetime

from esoz.kernel.db import Connection, as_model
from esoz.mis.base.register import RegisterEntry

_FIELDS = "status, version, oldest_version, attestation_until, phone, email, hours, website"


async def load(db: Connection) -> tuple[RegisterEntry, datetime] | None:
    """What was heard last, and when it was asked for; None when central was never heard."""
    row = await db.fetchrow(f"select asked_at, {_FIELDS} from register_entry")
    return (as_model(RegisterEntry, row), row["asked_at"]) if row else None


async def save(db: Connection, entry: RegisterEntry, asked_at: datetime) -> None:
    columns = asdict(entry)
    places = ", ".join(f"${place}" for place in range(2, len(columns) + 2))
    kept = ", ".join(f"{name} = excluded.{name}" for name in ("asked_at", *columns))
    await db.execute(
        f"insert into register_entry (asked_at, {', '.join(columns)}) values ($1, {places})"
        f" on conflict (is_only) do update set {kept}",
        asked_at,
        *columns.values(),
    )
