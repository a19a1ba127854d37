"""How central knows the cabinet: its client, secrets sealed."""

from uuid import UUID

from esoz.kernel.db import Connection, Row


async def save_client(db: Connection, client_id: UUID, client_secret: bytes, api_key: bytes) -> None:
    """The one client; an earlier one is replaced."""
    await db.execute(
        "insert into central_client (id, client_secret, api_key) values ($1, $2, $3) on conflict (place) do update"
        " set id = excluded.id, client_secret = excluded.client_secret, api_key = excluded.api_key",
        client_id,
        client_secret,
        api_key,
    )


async def find_client(db: Connection) -> Row | None:
    """Its id, client_secret and api_key; None before the cabinet is connected."""
    row: Row | None = await db.fetchrow("select id, client_secret, api_key from central_client")
    return row
