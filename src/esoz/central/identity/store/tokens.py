"""SQL of tokens, of codes by SMS, and of what users allowed to clients."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Page, Paged, Query, Row, insert

from ..model import App, Bearer, CodeStatus, Method, SignInCode, Token, TokenName

_TOKEN = (
    "id, name, user_id, client_id, app_id, scopes, redirect_uri, used_at, expires_at, asked_scopes, broker_id,"
    " applicant_user_id, method, code_challenge"
)
_CODE = "id, user_id, token_id, factor, code_hash, status, attempts, expires_at, inserted_at"
_APP = """
select apps.id, user_id, applicant_user_id, client_id, clients.name as client_name, scopes, apps.inserted_at,
       apps.updated_at
from apps join clients on clients.id = client_id
"""
BATCH = 500  # AUTH-9, AUTH-33


def _token(row: Row) -> Token:
    sets = {name: frozenset(row[name] or ()) for name in ("scopes", "asked_scopes")}
    return Token(**{**row, **sets, "name": TokenName(row["name"]), "method": Method(row["method"])})


def _code(row: Row) -> SignInCode:
    return SignInCode(**{**row, "status": CodeStatus(row["status"])})


async def save_app(
    db: Db,
    *,
    id: UUID,
    user_id: UUID,
    client_id: UUID,
    scopes: Iterable[str],
    at: datetime,
    applicant_user_id: UUID | None = None,
) -> Row:
    """AUTH-27: one row per user and client; a second consent unites the scopes."""
    row: Row = await db.fetchrow(
        """
        insert into apps as app (id, user_id, client_id, scopes, inserted_at, updated_at, applicant_user_id)
        values ($1, $2, $3, $4, $5, $5, $6)
        on conflict (user_id, client_id) do update set updated_at = $5, applicant_user_id = $6,
            scopes = array(select distinct unnest(app.scopes || excluded.scopes) order by 1)
        returning id, scopes
        """,
        id,
        user_id,
        client_id,
        sorted(scopes),
        at,
        applicant_user_id,
    )
    return row


async def app(db: Db, user_id: UUID, client_id: UUID) -> Row | None:
    row: Row | None = await db.fetchrow(
        "select id, scopes from apps where user_id = $1 and client_id = $2", user_id, client_id
    )
    return row


def as_app(row: Row) -> App:
    return App(**{name: row[name] for name in App.__dataclass_fields__})


async def apps_page(
    db: Db, user_id: UUID, page: Page, *, client_ids: Sequence[UUID] | None, client_names: Sequence[str] | None
) -> Paged:
    query = Query(_APP).where("user_id = {}", user_id)
    query.where_given("client_id = any({})", client_ids).where_given("clients.name = any({})", client_names)
    return await query.page(db, page, order="inserted_at, id")


async def app_of(db: Db, user_id: UUID, app_id: UUID) -> App | None:
    row = await db.fetchrow(f"{_APP} where user_id = $1 and apps.id = $2", user_id, app_id)
    return App(**row) if row else None


async def delete_app(db: Db, app_id: UUID, at: datetime) -> None:
    """AUTH-27: the tokens of a withdrawn consent end with it."""
    await db.execute("update tokens set expires_at = $2 where app_id = $1 and expires_at > $2", app_id, at)
    await db.execute("delete from apps where id = $1", app_id)


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
        asked_scopes=sorted(token.asked_scopes) or None,
        broker_id=token.broker_id,
        applicant_user_id=token.applicant_user_id,
        method=str(token.method),
        code_challenge=token.code_challenge,
    )


async def token(db: Db, value_hash: bytes, name: TokenName) -> Token | None:
    """For update: a code is used once, however many ask at the same time."""
    row = await db.fetchrow(
        f"select {_TOKEN} from tokens where value_hash = $1 and name = $2 for update", value_hash, str(name)
    )
    return _token(row) if row else None


async def token_by_id(db: Db, token_id: UUID) -> Token | None:
    row = await db.fetchrow(f"select {_TOKEN} from tokens where id = $1", token_id)
    return _token(row) if row else None


async def mark_used(db: Db, token_id: UUID, at: datetime) -> None:
    await db.execute("update tokens set used_at = $2 where id = $1", token_id, at)


async def expire_token(db: Db, token_id: UUID, at: datetime) -> None:
    await db.execute("update tokens set expires_at = $2 where id = $1 and expires_at > $2", token_id, at)


async def expire_tokens(
    db: Db,
    user_id: UUID,
    client_id: UUID | None,
    names: Iterable[TokenName],
    at: datetime,
    *,
    applicant_user_id: UUID | None = None,
) -> None:
    """AUTH-24: end the live tokens of a user at a client; of whoever acts for them, their own ones only."""
    await db.execute(
        "update tokens set expires_at = $4 where user_id = $1 and client_id is not distinct from $2"
        " and name = any($3) and expires_at > $4 and applicant_user_id is not distinct from $5",
        user_id,
        client_id,
        [str(name) for name in names],
        at,
        applicant_user_id,
    )


async def applicant_of(db: Db, token_id: UUID | None) -> UUID | None:
    """The user who acts by a token for another; None when they act for themselves."""
    found: UUID | None = await db.fetchval("select applicant_user_id from tokens where id = $1", token_id)
    return found


async def expire_all_tokens(db: Db, user_id: UUID, at: datetime) -> None:
    """End every live token of a user, wherever it was given."""
    await db.execute("update tokens set expires_at = $2 where user_id = $1 and expires_at > $2", user_id, at)


async def expire_tokens_through(db: Db, client_id: UUID, broker_id: UUID, at: datetime) -> None:
    """End the live tokens that a client's users have through one broker."""
    await db.execute(
        "update tokens set expires_at = $3 where client_id = $1 and broker_id = $2 and expires_at > $3",
        client_id,
        broker_id,
        at,
    )


async def expire_tokens_of_client(db: Db, client_id: UUID, at: datetime) -> None:
    """End the live tokens of everybody at a client."""
    await db.execute("update tokens set expires_at = $2 where client_id = $1 and expires_at > $2", client_id, at)


# One round trip tells everything about the bearers: token, user and client.
_BEARERS = """
select token.value_hash, token.id as token_id, token.name, token.user_id, token.client_id, token.scopes,
       token.expires_at, token.broker_id as token_broker_id, users.person_id, users.is_blocked as user_blocked,
       clients.type as client_type, coalesce(clients.is_blocked, false) as client_blocked,
       token.applicant_user_id, applicant.person_id as applicant_person_id
from tokens token
join users on users.id = token.user_id
left join users applicant on applicant.id = token.applicant_user_id
left join clients on clients.id = token.client_id
where token.value_hash = any($1)
"""


async def bearers(db: Db, value_hashes: Sequence[bytes]) -> dict[bytes, Bearer]:
    """Everything the gate asks about the bearers of these tokens."""
    rows = await db.fetch(_BEARERS, value_hashes)
    return {row["value_hash"]: _bearer(row) for row in rows}


def _bearer(row: Row) -> Bearer:
    columns = dict(row)
    del columns["value_hash"]
    return Bearer(**{**columns, "name": TokenName(row["name"]), "scopes": frozenset(row["scopes"])})


async def expire_tokens_of_old_passwords(db: Db, set_before: datetime, at: datetime) -> int:
    """AUTH-9: end a batch of tokens that stand on an expired password; return how many."""
    rows = await db.fetch(
        """
        update tokens set expires_at = $2 where id = any(array(
            select tokens.id from tokens join users on users.id = tokens.user_id
            where users.password_set_at <= $1 and users.password_hash is not null and tokens.expires_at > $2
              and tokens.method = 'password' and tokens.name in ('access_token', 'refresh_token', 'authorization_code')
            limit $3 for update of tokens skip locked
        )) returning id
        """,
        set_before,
        at,
        BATCH,
    )
    return len(rows)


async def delete_expired_tokens(db: Db, before: datetime) -> int:
    """AUTH-33: delete a batch of tokens that expired before; return how many."""
    rows = await db.fetch(
        "delete from tokens where id in (select id from tokens where expires_at < $1 limit $2) returning id",
        before,
        BATCH,
    )
    return len(rows)


async def use_nonce(db: Db, nonce: UUID, at: datetime) -> bool:
    """Mark a nonce as used; False when it was used before."""
    first: bool | None = await db.fetchval(
        "insert into used_nonces (nonce, used_at) values ($1, $2) on conflict do nothing returning true", nonce, at
    )
    return first or False


async def delete_old_nonces(db: Db, before: datetime) -> None:
    await db.execute("delete from used_nonces where used_at < $1", before)


async def insert_code(db: Db, code: SignInCode) -> None:
    await insert(
        db,
        "sign_in_codes",
        id=code.id,
        user_id=code.user_id,
        token_id=code.token_id,
        factor=code.factor,
        code_hash=code.code_hash,
        status=str(code.status),
        attempts=code.attempts,
        expires_at=code.expires_at,
        inserted_at=code.inserted_at,
    )


async def codes_since(db: Db, user_id: UUID, since: datetime) -> int:
    count: int = await db.fetchval(
        "select count(*) from sign_in_codes where user_id = $1 and inserted_at > $2", user_id, since
    )
    return count


async def cancel_codes(db: Db, user_id: UUID) -> None:
    """AUTH-20: a new code cancels the previous ones."""
    await db.execute("update sign_in_codes set status = 'canceled' where user_id = $1 and status = 'new'", user_id)


async def last_code(db: Db, token_id: UUID) -> SignInCode | None:
    """The newest code of a token, for update: parallel guesses wait for each other."""
    row = await db.fetchrow(
        f"select {_CODE} from sign_in_codes where token_id = $1 order by inserted_at desc, id desc limit 1 for update",
        token_id,
    )
    return _code(row) if row else None


async def save_code(db: Db, code: SignInCode) -> None:
    await db.execute(
        "update sign_in_codes set status = $2, attempts = $3 where id = $1", code.id, str(code.status), code.attempts
    )


async def delete_old_codes(db: Db, before: datetime) -> None:
    await db.execute("delete from sign_in_codes where expires_at < $1", before)
