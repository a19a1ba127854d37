"""SQL of requests about ways to authenticate."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, as_model
from esoz.kernel.errors import NotFound

from ..model.methods import MethodRequest
from .confirmation import lock_subject

_COLUMNS = tuple(MethodRequest.__dataclass_fields__)
_STATE = (
    "status",
    "code_digest",
    "code_expires_at",
    "codes_sent",
    "code_sent_at",
    "wrong_codes",
    "updated_at",
    "updated_by",
)


async def add(db: Connection, request: MethodRequest) -> None:
    await insert_later(db, "authentication_method_requests", **_row(request, _COLUMNS))


async def save(db: Connection, request: MethodRequest) -> None:
    """Store the state of a request that is held."""
    values = _row(request, _STATE)
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 3))
    await write_later(
        db,
        f"update authentication_method_requests set {changes} where person_id = $1 and id = $2",
        request.person_id,
        request.id,
        *values.values(),
    )


async def find(db: Connection, person_id: UUID, id: UUID) -> MethodRequest:
    """One request of a person, held until the transaction ends; raise NotFound."""
    row = await db.fetchrow(
        f"select {', '.join(_COLUMNS)} from authentication_method_requests where person_id = $1 and id = $2 for update",
        person_id,
        id,
    )
    if row is None:
        raise NotFound()
    return as_model(MethodRequest, row)


async def cancel_older(db: Connection, person_id: UUID, legal_entity_id: UUID | None, now: datetime) -> list[UUID]:
    """A newer request of a clinic (of the person: None) about a person ends those before it; return which."""
    await lock_subject(db, "authentication_method_requests", legal_entity_id, person_id)
    rows = await db.fetch(
        "update authentication_method_requests set status = 'CANCELLED', code_digest = null, updated_at = $3"
        " where person_id = $1 and legal_entity_id is not distinct from $2 and status = 'NEW' returning id",
        person_id,
        legal_entity_id,
        now,
    )
    return [row["id"] for row in rows]


async def cancel_ended(db: Connection, now: datetime, most: int) -> int:
    """Write down the end of those whose term is over; return how many."""
    result: str = await db.execute(
        "with due as materialized (select person_id, id from authentication_method_requests"
        f" where status = 'NEW' and expires_at <= $1 order by expires_at limit {int(most)} for update skip locked)"
        " update authentication_method_requests set status = 'CANCELLED', code_digest = null, updated_at = $1"
        " where (person_id, id) in (select person_id, id from due)",
        now,
    )
    return int(result.rsplit(" ", 1)[-1])


async def delete_ended(db: Connection, before: datetime, most: int) -> int:
    """Forget those that are over, what they did stands with the person; return how many."""
    result: str = await db.execute(
        "delete from authentication_method_requests where (person_id, id) in (select person_id, id"
        f" from authentication_method_requests where status <> 'NEW' and updated_at < $1"
        f" order by updated_at limit {int(most)})",
        before,
    )
    return int(result.rsplit(" ", 1)[-1])


def _row(request: MethodRequest, names: tuple[str, ...]) -> Mapping[str, object]:
    row = {name: getattr(request, name) for name in names}
    texts = {name: str(row[name]) for name in ("status", "action", "method") if name in row}
    return row | texts
