"""Rows of shares."""

from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row
from esoz.kernel.errors import NotFound
from esoz.kernel.vault import Sealed, Vault

from .model import Share

NAMES, SECRET, MARK = "names of a share", "secret of a share", "share"


async def add(db: Connection, vault: Vault, share: Share) -> None:
    await db.execute(
        "insert into shares (id, person_id, mark, names, secret, content, made_at, ends_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        share.id,
        share.person_id,
        vault.mark(share.secret, MARK),
        vault.seal(msgspec.json.encode(list(share.names)).decode(), f"{NAMES} {share.id}"),
        vault.seal(share.secret, f"{SECRET} {share.id}"),
        share.content,
        share.made_at,
        share.ends_at,
    )


async def own(db: Connection, vault: Vault, person_id: UUID, id: UUID, *, lock: bool = False) -> Share:
    """A share of the patient. Raises NotFound."""
    row = await db.fetchrow(
        "select * from shares where id = $1 and person_id = $2" + (" for update" if lock else ""), id, person_id
    )
    if row is None:
        raise NotFound()
    return _share(vault, row)


async def by_secret(db: Connection, vault: Vault, secret: str, *, lock: bool = False) -> Share | None:
    row = await db.fetchrow(
        "select * from shares where mark = $1" + (" for update" if lock else ""), vault.mark(secret, MARK)
    )
    return _share(vault, row) if row else None


async def page_of(db: Connection, vault: Vault, person_id: UUID, page: Page) -> Paged:
    """The patient's shares, the newest first."""
    query = Query("select * from shares").where("person_id = {}", person_id)
    found = await query.page(db, page, order="made_at desc, id desc")
    return Paged([_share(vault, row) for row in found.rows], found.page, found.total)


async def count_open(db: Connection, person_id: UUID, now: datetime) -> int:
    """How many of the patient still wait; two at once are counted one after the other."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended('shares ' || $1::text, 0))", str(person_id))
    found: int = await db.fetchval(
        "select count(*) from shares where person_id = $1 and ended_at is null and opened_at is null and ends_at > $2",
        person_id,
        now,
    )
    return found


async def note_opened(db: Connection, id: UUID, opener: bytes, now: datetime) -> None:
    await db.execute("update shares set opened_at = $2, opener = $3, secret = null where id = $1", id, now, opener)


async def end(db: Connection, id: UUID, now: datetime) -> None:
    await db.execute("update shares set ended_at = $2, secret = null, content = null where id = $1", id, now)


async def forget(db: Connection, now: datetime, opened_before: datetime, most: int) -> None:
    """Forget what is over can show no more; in batches."""
    await db.execute(
        "update shares set secret = null, content = null where id = any(array(select id from shares"
        " where content is not null and (ends_at <= $1 or opened_at <= $2) order by made_at limit $3"
        " for update skip locked))",
        now,
        opened_before,
        most,
    )


def _share(vault: Vault, row: Row) -> Share:
    id = row["id"]
    return Share(
        id=id,
        person_id=row["person_id"],
        names=_names(vault, row),
        made_at=row["made_at"],
        ends_at=row["ends_at"],
        secret=_secret(vault, row),
        content=row["content"],
        opened_at=row["opened_at"],
        opener=row["opener"],
        ended_at=row["ended_at"],
    )


def _secret(vault: Vault, row: Row) -> str:
    """What the link is made of; empty when the share is over, or the secret of the installation was changed."""
    try:
        return vault.open(row["secret"], f"{SECRET} {row['id']}") if row["secret"] else ""
    except Sealed:
        return ""


def _names(vault: Vault, row: Row) -> list[str]:
    try:
        return msgspec.json.decode(vault.open(row["names"], f"{NAMES} {row['id']}"), type=list[str])
    except Sealed:  # the secret of the installation was changed meanwhile
        return []
