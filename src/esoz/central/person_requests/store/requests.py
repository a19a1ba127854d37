"""SQL of requests about persons."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model.requests import OWN_CHANNEL, WAITING, OwnFilter, PersonRequest, RequestFilter, Status
from .confirmation import lock_subject

_COLUMNS = tuple(PersonRequest.__dataclass_fields__)
_REQUESTS = f"select {', '.join(_COLUMNS)} from person_requests"
_WAITING = "status in ('NEW', 'APPROVED')"  # as in the condition of the indexes
_OF_CHILD = f"is_new and channel = '{OWN_CHANNEL}'"
# What changes after a request was made.
_STATE = (
    "status",
    "code_digest",
    "code_expires_at",
    "codes_sent",
    "code_sent_at",
    "wrong_codes",
    "signed_document",
    "updated_at",
    "updated_by",
)


async def add(db: Connection, request: PersonRequest) -> None:
    await insert_later(db, "person_requests", **_row(request, _COLUMNS))


async def save(db: Connection, request: PersonRequest) -> None:
    """Store the state of a request that is held."""
    values = _row(request, _STATE)
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 2))
    await write_later(db, f"update person_requests set {changes} where id = $1", request.id, *values.values())


async def find(db: Connection, id: UUID, *, lock: bool = False) -> PersonRequest:
    """One request, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(f"{_REQUESTS} where id = $1{' for update' if lock else ''}", id)
    if row is None:
        raise NotFound()
    return as_request(row)


def as_request(row: Row) -> PersonRequest:
    return as_model(PersonRequest, {name: row[name] for name in _COLUMNS})


async def cancel_older(db: Connection, legal_entity_id: UUID, identity: str, now: datetime) -> list[UUID]:
    """DC-6: a newer request of a clinic about the same person ends those before it; return which."""
    await lock_subject(db, "person_requests", legal_entity_id, identity)
    rows = await db.fetch(
        "update person_requests set status = 'CANCELLED', code_digest = null, updated_at = $3"
        f" where legal_entity_id = $1 and identity = $2 and {_WAITING} returning id",
        legal_entity_id,
        identity,
        now,
    )
    return [row["id"] for row in rows]


async def cancel_older_own(db: Connection, person_id: UUID, now: datetime) -> list[UUID]:
    """A newer own request ends those before it, one act of a person at a time; return which."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"own person requests {person_id}")
    rows = await db.fetch(
        "update person_requests set status = 'CANCELLED', updated_at = $2"
        f" where person_id = $1 and channel = '{OWN_CHANNEL}' and {_WAITING} and expires_at > $2 returning id",
        person_id,
        now,
    )
    return [row["id"] for row in rows]


async def cancel_older_of_child(db: Connection, parent_id: UUID, identity: str, now: datetime) -> list[UUID]:
    """A newer request of a parent about the same child ends those before it; return which."""
    await lock_subject(db, "person_requests", parent_id, identity)
    rows = await db.fetch(
        "update person_requests set status = 'CANCELLED', updated_at = $3"
        f" where confirmed_by = $1 and identity = $2 and channel = '{OWN_CHANNEL}' and {_WAITING}"
        " and expires_at > $3 returning id",
        parent_id,
        identity,
        now,
    )
    return [row["id"] for row in rows]


async def own_page(db: Connection, person_id: UUID, filters: OwnFilter, page: Page, now: datetime) -> Paged:
    """A page of what was asked about a person who is registered, and of the children they wrote down; newest first."""
    about = "person_id = {} and (not is_new or status = 'SIGNED')"
    query = Query(_REQUESTS).where(f"({about} or confirmed_by = {{}} and {_OF_CHILD})", person_id, person_id)
    query.where_given("channel = {}", filters.channel)
    over = f"{_WAITING} and expires_at <= {{}} and channel {{}} '{OWN_CHANNEL}'"
    if filters.status is Status.EXPIRED:
        query.where(f"(status = 'EXPIRED' or {over.format('{}', '=')})", now)
    elif filters.status is Status.CANCELLED:
        query.where(f"(status = 'CANCELLED' or {over.format('{}', '<>')})", now)
    elif filters.status in WAITING:
        query.where("status = {} and expires_at > {}", str(filters.status), now)
    elif filters.status is not None:
        query.where("status = {}", str(filters.status))
    return await query.page(db, page, order="inserted_at desc, id")


async def page(db: Connection, clinic: UUID, filters: RequestFilter, page: Page, now: datetime) -> Paged:
    """A page of requests of a clinic, the oldest first; one whose term is over counts as cancelled."""
    query = Query(_REQUESTS).where("legal_entity_id = {}", clinic)
    query.where_given("legal_entity_id = {}", filters.legal_entity_id)
    if filters.status is Status.CANCELLED:
        query.where(f"(status = 'CANCELLED' or {_WAITING} and expires_at <= {{}})", now)
    elif filters.status in WAITING:
        query.where("status = {} and expires_at > {}", str(filters.status), now)
    elif filters.status is not None:
        query.where("status = {}", str(filters.status))
    return await query.page(db, page, order="inserted_at, id")


async def cancel_ended(db: Connection, now: datetime, most: int) -> int:
    """Write down the end of those whose term is over; return how many."""
    result: str = await db.execute(
        f"update person_requests set status = case channel when '{OWN_CHANNEL}' then 'EXPIRED' else 'CANCELLED' end,"
        " code_digest = null, updated_at = $1 where id = any(array("
        f"select id from person_requests where {_WAITING} and expires_at <= $1 order by expires_at limit {int(most)}"
        " for update skip locked))",
        now,
    )
    return int(result.rsplit(" ", 1)[-1])


async def delete_ended(db: Connection, before: datetime, most: int) -> int:
    """Forget those that came to nothing; return how many."""
    result: str = await db.execute(
        "delete from person_requests where id in (select id from person_requests"
        " where status in ('REJECTED', 'CANCELLED', 'EXPIRED') and updated_at < $1"
        f" order by updated_at limit {int(most)})",
        before,
    )
    return int(result.rsplit(" ", 1)[-1])


def _row(request: PersonRequest, names: tuple[str, ...]) -> Mapping[str, object]:
    row = {name: getattr(request, name) for name in names}
    if "details" in row:
        row["details"] = msgspec.to_builtins(request.details)
        row["method"] = str(request.method)
    return row | {"status": str(request.status)}
