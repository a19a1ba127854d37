"""SQL of ways to authenticate."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert

from ..model import AuthenticationMethod

_METHOD = tuple(AuthenticationMethod.__dataclass_fields__)


async def authentication_methods(db: Connection, person_id: UUID) -> list[AuthenticationMethod]:
    """Active ways to authenticate, the oldest first."""
    rows = await db.fetch(
        f"select {', '.join(_METHOD)} from authentication_methods where person_id = $1 and is_active"
        " order by started_at, id",
        person_id,
    )
    return [as_model(AuthenticationMethod, row) for row in rows]


async def count_phone(db: Connection, phone_number: str) -> int:
    """How many active persons authenticate with this phone (PS-12)."""
    count: int = await db.fetchval(
        "select count(distinct m.person_id) from authentication_methods m join persons p on p.id = m.person_id"
        " where m.phone_number = $1 and m.is_active and p.is_active",
        phone_number,
    )
    return count


async def lock_phone(db: Connection, phone_number: str) -> None:
    """Until the transaction ends nobody else is given this telephone."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"telephone of people {phone_number}")


async def add_method(db: Connection, method: AuthenticationMethod) -> None:
    """Write a new way to authenticate."""
    columns = {field: getattr(method, field) for field in _METHOD}
    await insert(db, "authentication_methods", **columns | {"type": method.type.value})


async def set_alias(db: Connection, key: tuple[UUID, UUID], alias: str | None, at: datetime, by: UUID | None) -> None:
    """Rename a method; the key is person and method."""
    await db.execute(
        "update authentication_methods set alias = $3, updated_at = $4, updated_by = $5"
        " where person_id = $1 and id = $2",
        *key,
        alias,
        at,
        by,
    )


async def end_method(db: Connection, key: tuple[UUID, UUID], at: datetime, by: UUID | None) -> None:
    """End a method; the key is person and method."""
    await db.execute(
        "update authentication_methods set is_active = false, ended_at = $3, updated_at = $3, updated_by = $4"
        " where person_id = $1 and id = $2",
        *key,
        at,
        by,
    )


async def end_methods_not_chosen(db: Connection, person_id: UUID, at: datetime, by: UUID | None) -> None:
    """Methods of who was not asked yet end when one is chosen."""
    await db.execute(
        "update authentication_methods set is_active = false, ended_at = $2, updated_at = $2, updated_by = $3"
        " where person_id = $1 and is_active and type = 'NA'",
        person_id,
        at,
        by,
    )
