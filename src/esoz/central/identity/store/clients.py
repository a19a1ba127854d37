"""SQL of clients, brokers and their connections."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Page, Paged, Query, Row, insert

from ..model import Client, ClientCard, Connection, Vendor

_CONNECTION = "id, client_id, broker_id, redirect_uri, secret_hash"
# The owner of a client is the user who has the role of an owner there.
_CARD = """
select id, name, type, is_blocked, block_reason, inserted_at, coalesce(updated_at, inserted_at) as updated_at,
       (select user_id from user_roles where client_id = clients.id
        and role in ('OWNER', 'PHARMACY_OWNER', 'REORGANIZATION_OWNER') order by inserted_at limit 1) as user_id
from clients
"""


async def insert_client(db: Db, client: Client, at: datetime) -> None:
    await insert(db, "clients", id=client.id, name=client.name, type=client.type, inserted_at=at, updated_at=at)


async def rename_client(db: Db, client_id: UUID, name: str, type: str) -> None:
    await db.execute("update clients set name = $2, type = $3 where id = $1", client_id, name, type)


async def client(db: Db, client_id: UUID) -> Client | None:
    row = await db.fetchrow("select id, name, type, is_blocked from clients where id = $1", client_id)
    return Client(**row) if row else None


async def card(db: Db, client_id: UUID) -> ClientCard | None:
    row = await db.fetchrow(f"{_CARD} where id = $1", client_id)
    return ClientCard(**row) if row else None


async def cards(db: Db, page: Page, *, only: UUID | None) -> Paged:
    return await Query(_CARD).where_given("id = {}", only).page(db, page, order="inserted_at, id")


def as_card(row: Row) -> ClientCard:
    return ClientCard(**{name: row[name] for name in ClientCard.__dataclass_fields__})


async def set_client_blocked(db: Db, client_id: UUID, reason: str | None, at: datetime) -> bool:
    """Block with a reason, or unblock with None; False when it is so already."""
    done = await db.fetchval(
        "update clients set is_blocked = $2::text is not null, block_reason = $2, updated_at = $3"
        " where id = $1 and is_blocked = ($2::text is null) returning true",
        client_id,
        reason,
        at,
    )
    return done or False


async def insert_broker(
    db: Db, *, id: UUID, name: str, kind: str, key_hash: bytes, scopes: Iterable[str] | None, at: datetime
) -> None:
    limited = None if scopes is None else sorted(scopes)
    await insert(
        db, "brokers", id=id, name=name, kind=kind, api_key_hash=key_hash, scopes=limited, inserted_at=at, updated_at=at
    )


async def set_broker_keys(db: Db, broker_id: UUID, *, key_hash: bytes, psk_hash: bytes | None, at: datetime) -> None:
    await db.execute(
        "update brokers set api_key_hash = $2, psk_hash = $3, updated_at = $4 where id = $1",
        broker_id,
        key_hash,
        psk_hash,
        at,
    )


async def set_broker_blocked(db: Db, broker_id: UUID, reason: str | None, at: datetime) -> bool:
    """Block with a reason, or unblock with None; False when it is so already."""
    done = await db.fetchval(
        "update brokers set is_blocked = $2::text is not null, block_reason = $2, updated_at = $3"
        " where id = $1 and is_blocked = ($2::text is null) returning true",
        broker_id,
        reason,
        at,
    )
    return done or False


async def vendors(db: Db, key_hashes: Sequence[bytes], *, blocked_too: bool = False) -> dict[bytes, Vendor]:
    """Those of the brokers with these keys that are not blocked; `blocked_too`: these as well."""
    rows = await db.fetch(
        "select api_key_hash, id, scopes, psk_hash from brokers"
        " where api_key_hash = any($1) and (not is_blocked or $2)",
        key_hashes,
        blocked_too,
    )
    return {
        row["api_key_hash"]: Vendor(
            row["id"], None if row["scopes"] is None else frozenset(row["scopes"]), row["psk_hash"]
        )
        for row in rows
    }


async def broker_is_blocked(db: Db, broker_id: UUID) -> bool:
    found: bool | None = await db.fetchval("select is_blocked from brokers where id = $1", broker_id)
    return found is not False


async def insert_connection(db: Db, connection: Connection, at: datetime) -> None:
    await insert(
        db,
        "connections",
        id=connection.id,
        client_id=connection.client_id,
        broker_id=connection.broker_id,
        redirect_uri=connection.redirect_uri,
        secret_hash=connection.secret_hash,
        inserted_at=at,
        updated_at=at,
    )


async def connections(db: Db, client_id: UUID) -> list[Connection]:
    """All connections of a client."""
    rows = await db.fetch(f"select {_CONNECTION} from connections where client_id = $1", client_id)
    return [Connection(**row) for row in rows]


async def connections_page(db: Db, client_id: UUID, page: Page) -> Paged:
    query = Query(f"select {_CONNECTION}, inserted_at from connections").where("client_id = {}", client_id)
    return await query.page(db, page, order="inserted_at, id")


def as_connection(row: Row) -> Connection:
    return Connection(**{name: row[name] for name in Connection.__dataclass_fields__})


async def connection(db: Db, client_id: UUID, connection_id: UUID) -> Connection | None:
    """For update: a secret is not refreshed twice at once."""
    row = await db.fetchrow(
        f"select {_CONNECTION} from connections where client_id = $1 and id = $2 for update", client_id, connection_id
    )
    return Connection(**row) if row else None


async def save_connection(db: Db, connection: Connection, at: datetime) -> None:
    await db.execute(
        "update connections set redirect_uri = $2, secret_hash = $3, updated_at = $4 where id = $1",
        connection.id,
        connection.redirect_uri,
        connection.secret_hash,
        at,
    )


async def delete_connection(db: Db, connection_id: UUID) -> None:
    await db.execute("delete from connections where id = $1", connection_id)
