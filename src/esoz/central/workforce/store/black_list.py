"""SQL of the black list."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, insert


async def is_black_listed(db: Connection, tax_id: str) -> bool:
    """Whether nobody may hire the holder of this tax id or passport now (EM-11)."""
    found: bool | None = await db.fetchval(
        "select true from black_list where plain_number(tax_id) = plain_number($1) and is_active", tax_id
    )
    return found or False


async def add_to_black_list(
    db: Connection, tax_id: str, reason: str, *, id: UUID, at: datetime, by: UUID | None
) -> None:
    """Write a new entry."""
    await insert(db, "black_list", id=id, tax_id=tax_id, reason=reason, inserted_at=at, inserted_by=by)


async def end_black_listing(db: Connection, id: UUID, *, at: datetime, by: UUID | None) -> bool:
    """End an entry; whether it was an active one."""
    found: bool | None = await db.fetchval(
        "update black_list set is_active = false, ended_at = $2, ended_by = $3 where id = $1 and is_active"
        " returning true",
        id,
        at,
        by,
    )
    return found or False


async def black_list(db: Connection, page: Page, *, text: str | None, is_active: bool | None) -> Paged:
    """A page of entries, the newest first; `text` is a part of the tax id or of the reason."""
    query = Query("select id, tax_id, reason, is_active, inserted_at, ended_at from black_list")
    query.where_given("is_active = {}", is_active)
    if text:
        is_there = "strpos(plain_name(reason), plain_name({0})) > 0"
        is_number = "(plain_number({0}) <> '' and strpos(plain_number(tax_id), plain_number({0})) > 0)"
        query.where(f"({is_there} or {is_number})", text)
    return await query.page(db, page, order="inserted_at desc, id")


async def users_of_tax_id(db: Connection, tax_id: str) -> list[UUID]:
    """Users of everybody with this tax id."""
    rows = await db.fetch(
        "select u.user_id from party_users u join parties p on p.id = u.party_id"
        " where plain_number(p.tax_id) = plain_number($1)",
        tax_id,
    )
    return [row["user_id"] for row in rows]
