"""Requests for a signature in SQL."""

from uuid import UUID

from ..db import Connection, as_model, insert
from .model import RemoteSigning

_OTHERWISE = frozenset({"fields", "state", "reason"})


async def add(db: Connection, request: RemoteSigning) -> None:
    await insert(
        db,
        "remote_signings",
        **{name: getattr(request, name) for name in RemoteSigning.__slots__ if name not in _OTHERWISE},
        reason=dict(request.reason),
        fields=dict(request.fields),
        state=str(request.state),
    )


async def find(
    db: Connection, id: UUID, *, session_id: bytes | None = None, lock: bool = False
) -> RemoteSigning | None:
    """One request, of this browser when one is named; None when there is no such."""
    row = await db.fetchrow(
        "select * from remote_signings where id = $1 and ($2::bytea is null or session_id = $2)" + " for update" * lock,
        id,
        session_id,
    )
    return as_model(RemoteSigning, row) if row else None


async def change(db: Connection, request: RemoteSigning) -> None:
    """Note the new state, the signatures that came, or why they were not taken."""
    await db.execute(
        "update remote_signings set state = $2, signed = $3, reason = $4 where id = $1",
        request.id,
        str(request.state),
        list(request.signed),
        dict(request.reason),
    )


async def forget_documents(db: Connection, id: UUID) -> None:
    """What was signed is kept where it belongs; the request keeps only its history."""
    await db.execute("update remote_signings set contents = '{}', signed = '{}', fields = '{}' where id = $1", id)
