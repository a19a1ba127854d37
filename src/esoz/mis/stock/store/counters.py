"""At which division somebody works now, in SQL."""

from uuid import UUID

from esoz.kernel.db import Connection


async def chosen(db: Connection, user_id: UUID, clinic_id: UUID) -> tuple[UUID, str] | None:
    """The division that was chosen last, and its name."""
    row = await db.fetchrow(
        "select division_id, division_name from stock_counters where user_id = $1 and clinic_id = $2",
        user_id,
        clinic_id,
    )
    return (row["division_id"], row["division_name"]) if row else None


async def choose(db: Connection, user_id: UUID, clinic_id: UUID, division: tuple[UUID, str]) -> None:
    await db.execute(
        "insert into stock_counters (user_id, clinic_id, division_id, division_name) values ($1, $2, $3, $4)"
        " on conflict (user_id, clinic_id) do update set division_id = excluded.division_id,"
        " division_name = excluded.division_name",
        user_id,
        clinic_id,
        *division,
    )
