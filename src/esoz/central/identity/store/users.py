"""SQL of users: passwords, counted failures, second factors, roles."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection as Db
from esoz.kernel.db import Page, Paged, Query, Row, insert

from ..model import Factor, User

_USER = (
    "id, email::text, password_hash, password_set_at, tax_id, person_id, is_blocked, block_reason, inserted_at,"
    " updated_at"
)


def _user(row: Row | None) -> User | None:
    return User(**row) if row else None


async def user_by_email(db: Db, email: str) -> User | None:
    return _user(await db.fetchrow(f"select {_USER} from users where email = $1", email))


async def user_by_id(db: Db, user_id: UUID) -> User | None:
    return _user(await db.fetchrow(f"select {_USER} from users where id = $1", user_id))


async def lock_user(db: Db, user_id: UUID) -> User | None:
    """For update: one change of a user's passwords, codes and tokens at a time."""
    return _user(await db.fetchrow(f"select {_USER} from users where id = $1 for update", user_id))


async def user_by_person(db: Db, person_id: UUID) -> User | None:
    return _user(await db.fetchrow(f"select {_USER} from users where person_id = $1", person_id))


async def users_by_tax_id(db: Db, tax_id: str, client_id: UUID) -> list[User]:
    """Users of a tax id, or of the passport in its place, who have a role at the client (SG-4)."""
    rows = await db.fetch(
        f"select {_USER} from users where plain_number(tax_id) = plain_number($1)"
        " and exists (select from user_roles where user_id = users.id and client_id = $2) order by inserted_at",
        tax_id,
        client_id,
    )
    return [User(**row) for row in rows]


async def find_users(db: Db, text: str, page: Page) -> Paged:
    """Users whose e-mail begins with the text, for administrators."""
    query = Query(f"select {_USER} from users").where("email is not null")
    query.where("starts_with(lower(email::text), {})", text.strip().lower())
    return await query.page(db, page, order="email")


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
        updated_at=user.updated_at,
    )


async def set_tax_id(db: Db, person_id: UUID, tax_id: str | None, at: datetime) -> None:
    await db.execute("update users set tax_id = $2, updated_at = $3 where person_id = $1", person_id, tax_id, at)


async def set_blocked(db: Db, user_id: UUID, reason: str | None, at: datetime) -> None:
    """Block with a reason, or unblock with None; the count of wrong codes begins anew (AUTH-6)."""
    await db.execute(
        "update users set is_blocked = $2::text is not null, block_reason = $2, wrong_codes = 0, updated_at = $3"
        " where id = $1",
        user_id,
        reason,
        at,
    )


async def lock_failures(db: Db, email_hash: bytes, at: datetime) -> list[datetime]:
    """The failures of an e-mail, for update: parallel tries wait for each other, whoever the e-mail belongs to."""
    moments: list[datetime] = await db.fetchval(
        "insert into login_failures as kept (email_hash, updated_at) values ($1, $2)"
        " on conflict (email_hash) do update set updated_at = greatest(kept.updated_at, excluded.updated_at)"
        " returning moments",
        email_hash,
        at,
    )
    return moments


async def save_failures(db: Db, email_hash: bytes, moments: Sequence[datetime], at: datetime) -> None:
    await db.execute(
        "update login_failures set moments = $2, updated_at = $3 where email_hash = $1", email_hash, list(moments), at
    )


async def add_failure(db: Db, key: bytes, at: datetime, *, keep: int) -> None:
    """One more failure, and no more than `keep` of them remembered."""
    await db.execute(
        "insert into login_failures as kept (email_hash, moments, updated_at) values ($1, array[$2::timestamptz], $2)"
        " on conflict (email_hash) do update set updated_at = excluded.updated_at,"
        " moments = (kept.moments || excluded.moments)[greatest(1, cardinality(kept.moments) + 2 - $3):]",
        key,
        at,
        keep,
    )


async def count_failures(db: Db, key: bytes, since: datetime) -> int:
    """How many of the remembered failures came after a moment."""
    count: int = await db.fetchval(
        "select count(*) from login_failures, unnest(moments) moment where email_hash = $1 and moment > $2", key, since
    )
    return count


async def delete_failures(db: Db, email_hash: bytes) -> None:
    await db.execute("delete from login_failures where email_hash = $1", email_hash)


async def delete_old_failures(db: Db, before: datetime) -> None:
    await db.execute("delete from login_failures where updated_at < $1", before)


async def set_password(db: Db, user_id: UUID, password_hash: str, at: datetime) -> None:
    await db.execute(
        "update users set password_hash = $2, password_set_at = $3, updated_at = $3, reminded_days = null"
        " where id = $1",
        user_id,
        password_hash,
        at,
    )


async def remember_password(db: Db, user_id: UUID, password_hash: str, *, at: datetime, keep: int) -> None:
    """AUTH-11: keep the replaced hash and no more than `keep` in all."""
    await insert(db, "password_history", user_id=user_id, replaced_at=at, password_hash=password_hash)
    await db.execute(
        "delete from password_history where user_id = $1 and replaced_at not in"
        " (select replaced_at from password_history where user_id = $1 order by replaced_at desc limit $2)",
        user_id,
        keep,
    )


async def remembered_passwords(db: Db, user_id: UUID) -> list[str]:
    rows = await db.fetch("select password_hash from password_history where user_id = $1", user_id)
    return [row["password_hash"] for row in rows]


async def users_to_remind(db: Db, set_before: datetime, limit: int) -> Sequence[Row]:
    """Users whose password was set before, and who were not told of their last day yet."""
    rows: Sequence[Row] = await db.fetch(
        "select id, email::text, password_set_at, reminded_days from users where password_set_at <= $1"
        " and password_hash is not null and email is not null and not is_blocked"
        " and (reminded_days is null or reminded_days > 1) order by password_set_at limit $2 for update skip locked",
        set_before,
        limit,
    )
    return rows


async def set_reminded(db: Db, user_id: UUID, days: int) -> None:
    await db.execute("update users set reminded_days = $2 where id = $1", user_id, days)


async def insert_reset(
    db: Db, *, id: UUID, value_hash: bytes, user_id: UUID | None, at: datetime, until: datetime
) -> None:
    await insert(db, "password_resets", id=id, value_hash=value_hash, user_id=user_id, inserted_at=at, expires_at=until)


async def resets_since(db: Db, user_id: UUID, since: datetime) -> int:
    count: int = await db.fetchval(
        "select count(*) from password_resets where user_id = $1 and inserted_at > $2", user_id, since
    )
    return count


async def lock_reset(db: Db, value_hash: bytes) -> Row | None:
    """For update: a link is used once, however many ask at the same time."""
    row: Row | None = await db.fetchrow(
        "select id, user_id, used_at, expires_at from password_resets where value_hash = $1 for update", value_hash
    )
    return row


async def use_resets(db: Db, user_id: UUID, at: datetime) -> None:
    """Close all the links of a user."""
    await db.execute("update password_resets set used_at = $2 where user_id = $1 and used_at is null", user_id, at)


async def delete_old_resets(db: Db, before: datetime) -> None:
    await db.execute("delete from password_resets where expires_at < $1", before)


async def factor(db: Db, user_id: UUID) -> Factor | None:
    row = await db.fetchrow("select user_id, type, factor from authentication_factors where user_id = $1", user_id)
    return Factor(**row) if row else None


async def save_factor(db: Db, user_id: UUID, phone: str | None, at: datetime) -> None:
    await db.execute(
        "insert into authentication_factors (user_id, type, factor, inserted_at, updated_at)"
        " values ($1, 'SMS', $2, $3, $3)"
        " on conflict (user_id) do update set factor = excluded.factor, updated_at = excluded.updated_at",
        user_id,
        phone,
        at,
    )


async def count_wrong_code(db: Db, user_id: UUID) -> int:
    """AUTH-19: one more wrong code in a row; return how many."""
    count: int = await db.fetchval(
        "update users set wrong_codes = wrong_codes + 1 where id = $1 returning wrong_codes", user_id
    )
    return count


async def forget_wrong_codes(db: Db, user_id: UUID) -> None:
    await db.execute("update users set wrong_codes = 0 where id = $1 and wrong_codes <> 0", user_id)


async def add_role(db: Db, user_id: UUID, client_id: UUID, role: str, at: datetime) -> None:
    await db.execute(
        "insert into user_roles (user_id, client_id, role, inserted_at) values ($1, $2, $3, $4) on conflict do nothing",
        user_id,
        client_id,
        role,
        at,
    )


async def remove_role(db: Db, user_id: UUID, client_id: UUID, role: str) -> None:
    await db.execute(
        "delete from user_roles where user_id = $1 and client_id = $2 and role = $3", user_id, client_id, role
    )


async def add_global_role(db: Db, user_id: UUID, role: str, at: datetime) -> None:
    await db.execute(
        "insert into global_roles (user_id, role, inserted_at) values ($1, $2, $3) on conflict do nothing",
        user_id,
        role,
        at,
    )


async def remove_global_role(db: Db, user_id: UUID, role: str) -> bool:
    """Whether there was one to remove."""
    done: str = await db.execute("delete from global_roles where user_id = $1 and role = $2", user_id, role)
    return done != "DELETE 0"


async def users_of_role(db: Db, role: str, page: Page) -> Paged:
    """Users who have a role of central, by their e-mail."""
    query = Query(f"select {_USER} from users")
    query.where("exists (select from global_roles g where g.user_id = users.id and g.role = {})", role)
    return await query.page(db, page, order="email")


async def roles(db: Db, user_id: UUID, client_id: UUID) -> list[str]:
    """Roles at the client, and those that hold everywhere (AUTH-28, AUTH-38)."""
    rows = await db.fetch(
        "select role from user_roles where user_id = $1 and client_id = $2"
        " union select role from global_roles where user_id = $1 order by role",
        user_id,
        client_id,
    )
    return [row["role"] for row in rows]


async def global_roles(db: Db, user_id: UUID) -> list[str]:
    rows = await db.fetch("select role from global_roles where user_id = $1", user_id)
    return [row["role"] for row in rows]
