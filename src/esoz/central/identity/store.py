"""SQL of users, clients, brokers and tokens."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Row, insert

from .model import Client, Connection, Token, TokenName, User

_USER = "id, email::text, password_hash, password_set_at, tax_id, person_id, is_blocked, failed_logins, inserted_at"
_TOKEN = "id, name, user_id, client_id, app_id, scopes, redirect_uri, used_at, expires_at"


def _user(row: Row | None) -> User | None:
    return User(**row) if row else None


def _token(row: Row) -> Token:
    return Token(**{**row, "name": TokenName(row["name"]), "scopes": frozenset(row["scopes"])})


async def user_by_email(db: Db, email: str) -> User | None:
    """For update: the count of wrong passwords must see every parallel try."""
    return _user(await db.fetchrow(f"select {_USER} from users where email = $1 for update", email))


async def user_by_id(db: Db, user_id: UUID) -> User | None:
    return _user(await db.fetchrow(f"select {_USER} from users where id = $1", user_id))


async def user_by_person(db: Db, person_id: UUID) -> User | None:
    return _user(await db.fetchrow(f"select {_USER} from users where person_id = $1", person_id))


async def insert_user(db: Db, user: User) -> None:
    await insert(
        db,
        "users",
        id=user.id,
        email=user.email,
        password_hash=user.password_hash,
        password_set_at=user.password_set_at,
        tax_id=user.tax_id,
        person_id=user.person_id,
        inserted_at=user.inserted_at,
    )


async def save_failures(db: Db, user_id: UUID, failures: Sequence[datetime]) -> None:
    await db.execute("update users set failed_logins = $2 where id = $1", user_id, list(failures))


async def insert_client(db: Db, client: Client, at: datetime) -> None:
    await insert(db, "clients", id=client.id, name=client.name, type=client.type, inserted_at=at)


async def client(db: Db, client_id: UUID) -> Client | None:
    row = await db.fetchrow("select id, name, type, is_blocked from clients where id = $1", client_id)
    return Client(**row) if row else None


async def insert_broker(
    db: Db, *, id: UUID, name: str, kind: str, key_hash: bytes, scopes: Iterable[str] | None, at: datetime
) -> None:
    given = None if scopes is None else sorted(scopes)
    await insert(db, "brokers", id=id, name=name, kind=kind, api_key_hash=key_hash, scopes=given, inserted_at=at)


async def broker_by_key(db: Db, key_hash: bytes) -> UUID | None:
    found: UUID | None = await db.fetchval(
        "select id from brokers where api_key_hash = $1 and not is_blocked", key_hash
    )
    return found


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
    rows = await db.fetch(
        "select id, client_id, broker_id, redirect_uri, secret_hash from connections where client_id = $1", client_id
    )
    return [Connection(**row) for row in rows]


async def add_role(db: Db, user_id: UUID, client_id: UUID, role: str, at: datetime) -> None:
    await db.execute(
        "insert into user_roles (user_id, client_id, role, inserted_at) values ($1, $2, $3, $4) on conflict do nothing",
        user_id,
        client_id,
        role,
        at,
    )


async def roles(db: Db, user_id: UUID, client_id: UUID) -> list[str]:
    rows = await db.fetch("select role from user_roles where user_id = $1 and client_id = $2", user_id, client_id)
    return [row["role"] for row in rows]


async def save_app(db: Db, *, id: UUID, user_id: UUID, client_id: UUID, scopes: Iterable[str], at: datetime) -> Row:
    """AUTH-27: one row per user and client; a second consent unites the scopes."""
    row: Row = await db.fetchrow(
        """
        insert into apps as app (id, user_id, client_id, scopes, inserted_at, updated_at)
        values ($1, $2, $3, $4, $5, $5)
        on conflict (user_id, client_id) do update set updated_at = $5,
            scopes = array(select distinct unnest(app.scopes || excluded.scopes) order by 1)
        returning id, scopes
        """,
        id,
        user_id,
        client_id,
        sorted(scopes),
        at,
    )
    return row


async def app(db: Db, user_id: UUID, client_id: UUID) -> Row | None:
    row: Row | None = await db.fetchrow(
        "select id, scopes from apps where user_id = $1 and client_id = $2", user_id, client_id
    )
    return row


async def insert_token(db: Db, token: Token, value_hash: bytes, at: datetime) -> None:
    await insert(
        db,
        "tokens",
        id=token.id,
        value_hash=value_hash,
        name=str(token.name),
        user_id=token.user_id,
        client_id=token.client_id,
        app_id=token.app_id,
        scopes=sorted(token.scopes),
        redirect_uri=token.redirect_uri,
        expires_at=token.expires_at,
        inserted_at=at,
    )


async def token(db: Db, value_hash: bytes, name: TokenName) -> Token | None:
    """For update: a code is used once, however many ask at the same time."""
    row = await db.fetchrow(
        f"select {_TOKEN} from tokens where value_hash = $1 and name = $2 for update", value_hash, str(name)
    )
    return _token(row) if row else None


async def mark_used(db: Db, token_id: UUID, at: datetime) -> None:
    await db.execute("update tokens set used_at = $2 where id = $1", token_id, at)


async def expire_tokens(
    db: Db, user_id: UUID, client_id: UUID | None, names: Iterable[TokenName], at: datetime
) -> None:
    """AUTH-24: end the live tokens of a user at a client."""
    await db.execute(
        "update tokens set expires_at = $4 where user_id = $1 and client_id is not distinct from $2"
        " and name = any($3) and expires_at > $4",
        user_id,
        client_id,
        [str(name) for name in names],
        at,
    )


# One round trip tells everything about the bearer: token, user, client and the broker whose key came along.
_BEARER = """
select token.id as token_id, token.name, token.user_id, token.client_id, token.scopes, token.expires_at,
       users.person_id, users.is_blocked as user_blocked, clients.type as client_type,
       clients.is_blocked as client_blocked, broker.id as broker_id, broker.scopes as broker_scopes
from tokens token
join users on users.id = token.user_id
left join clients on clients.id = token.client_id
left join brokers broker on broker.api_key_hash = $2 and not broker.is_blocked
where token.value_hash = $1 and token.name = any($3)
"""


async def bearer(db: Db, value_hash: bytes, key_hash: bytes | None, names: Sequence[str]) -> dict[str, Any] | None:
    """Everything the gate asks about the bearer of a token."""
    row = await db.fetchrow(_BEARER, value_hash, key_hash, names)
    return dict(row) if row else None


async def delete_expired_tokens(db: Db, before: datetime) -> None:
    """AUTH-33: tokens are deleted thirty days after they expired."""
    await db.execute("delete from tokens where expires_at < $1", before)


async def use_nonce(db: Db, nonce: UUID, at: datetime) -> bool:
    """Mark a nonce as used; False when it was used before."""
    return (
        await db.fetchval(
            "insert into used_nonces (nonce, used_at) values ($1, $2) on conflict do nothing returning true", nonce, at
        )
        or False
    )
