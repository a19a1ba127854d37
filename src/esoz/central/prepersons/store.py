"""SQL of unidentified patients."""

from uuid import UUID

from esoz.kernel.db import Connection, as_model, insert
from esoz.kernel.errors import NotFound

from .model import Preperson

_FIELDS = tuple(Preperson.__dataclass_fields__)
_LASTING = ("id", "legal_entity_id", "inserted_at", "inserted_by", "note")
_PREPERSONS = f"select {', '.join(_FIELDS)} from prepersons"


async def find_preperson(db: Connection, id: UUID, *, lock: bool = False, share: bool = False) -> Preperson:
    """One unidentified patient; raise NotFound. `share`: who stays as they are until the end of the transaction."""
    row = await db.fetchrow(f"{_PREPERSONS} where id = $1" + (" for update" if lock else " for share" * share), id)
    if row is None:
        raise NotFound()
    return as_model(Preperson, row)


async def add(db: Connection, preperson: Preperson) -> None:
    """Write a new one."""
    columns = {name: getattr(preperson, name) for name in _FIELDS}
    await insert(db, "prepersons", **columns | {"status": preperson.status.value})


async def is_taken(db: Connection, preperson: Preperson) -> bool:
    """Whether another active one of the clinic has this number; who asks holds `lock_number`."""
    found: bool = await db.fetchval(
        "select exists (select from prepersons where legal_entity_id = $1 and external_id = $2 and id <> $3"
        " and status = 'ACTIVE')",
        preperson.legal_entity_id,
        preperson.external_id,
        preperson.id,
    )
    return found


async def lock_number(db: Connection, preperson: Preperson) -> None:
    """One change to this number of the clinic at a time, until the transaction ends."""
    await db.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 0))",
        f"preperson {preperson.legal_entity_id} {preperson.external_id}",
    )


async def save(db: Connection, preperson: Preperson) -> None:
    """Write what changed."""
    columns = {name: getattr(preperson, name) for name in _FIELDS if name not in _LASTING}
    columns["status"] = preperson.status.value
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    await db.execute(f"update prepersons set {changes} where id = $1", preperson.id, *columns.values())
