"""SQL of requests about who speaks for a person."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model.relationships import WAITING, RelationshipRequest, Status
from .confirmation import lock_subject

_COLUMNS = tuple(RelationshipRequest.__dataclass_fields__)
_REQUESTS = f"select {', '.join(_COLUMNS)} from relationship_requests"
_WAITING = "status in ('NEW', 'APPROVED')"  # as in the condition of the index
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


async def add(db: Connection, request: RelationshipRequest) -> None:
    await insert_later(db, "relationship_requests", **_row(request, _COLUMNS))


async def save(db: Connection, request: RelationshipRequest) -> None:
    """Store the state of a request that is held."""
    values = _row(request, _STATE)
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 3))
    await write_later(
        db,
        f"update relationship_requests set {changes} where person_id = $1 and id = $2",
        request.person_id,
        request.id,
        *values.values(),
    )


async def find(db: Connection, person_id: UUID, id: UUID, *, lock: bool = False) -> RelationshipRequest:
    """One request of a person, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(
        f"{_REQUESTS} where person_id = $1 and id = $2{' for update' if lock else ''}", person_id, id
    )
    if row is None:
        raise NotFound()
    return as_request(row)


def as_request(row: Row) -> RelationshipRequest:
    return as_model(RelationshipRequest, {name: row[name] for name in _COLUMNS})


async def page(db: Connection, key: tuple[UUID, UUID], status: Status | None, page: Page, *, now: datetime) -> Paged:
    """A page of what a clinic asked for about a person (the key is person and clinic), the oldest first."""
    query = Query(_REQUESTS).where("person_id = {} and legal_entity_id = {}", *key)
    if status is Status.EXPIRED:
        query.where(f"(status = 'EXPIRED' or {_WAITING} and expires_at <= {{}})", now)
    elif status in WAITING:
        query.where("status = {} and expires_at > {}", str(status), now)
    elif status is not None:
        query.where("status = {}", str(status))
    return await query.page(db, page, order="inserted_at, id")


async def cancel_older(db: Connection, person_id: UUID, legal_entity_id: UUID, now: datetime) -> list[UUID]:
    """A newer request of a clinic about a person ends those before it; return which."""
    await lock_subject(db, "relationship_requests", legal_entity_id, person_id)
    rows = await db.fetch(
        "update relationship_requests set status = 'CANCELLED', code_digest = null, updated_at = $3"
        f" where person_id = $1 and legal_entity_id = $2 and {_WAITING} and expires_at > $3 returning id",
        person_id,
        legal_entity_id,
        now,
    )
    return [row["id"] for row in rows]


async def end_overdue(db: Connection, now: datetime, most: int) -> int:
    """Write down the end of those whose term is over; return how many."""
    result: str = await db.execute(
        f"with due as materialized (select person_id, id from relationship_requests where {_WAITING}"
        f" and expires_at <= $1 order by expires_at limit {int(most)} for update skip locked)"
        " update relationship_requests set status = 'EXPIRED', code_digest = null, updated_at = $1"
        " where (person_id, id) in (select person_id, id from due)",
        now,
    )
    return int(result.rsplit(" ", 1)[-1])


async def delete_ended(db: Connection, before: datetime, most: int) -> int:
    """Forget those that came to nothing; return how many."""
    result: str = await db.execute(
        "delete from relationship_requests where (person_id, id) in (select person_id, id"
        f" from relationship_requests where status in ('CANCELLED', 'EXPIRED') and updated_at < $1"
        f" order by updated_at limit {int(most)})",
        before,
    )
    return int(result.rsplit(" ", 1)[-1])


def _row(request: RelationshipRequest, names: tuple[str, ...]) -> Mapping[str, object]:
    row = {name: getattr(request, name) for name in names}
    texts = {name: str(row[name]) for name in ("status", "action", "method") if name in row}
    papers = {"documents": msgspec.to_builtins(list(request.documents))} if "documents" in row else {}
    return row | texts | papers
