"""SQL of reimbursement contracts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from esoz.central.dictionaries import ImportCounts
from esoz.kernel.db import Connection, as_model

from .model import Contract

_FIELDS = Contract.__struct_fields__


async def of_contractor(db: Connection, legal_entity_id: UUID) -> list[Contract]:
    """All contracts of a pharmacy, the ended ones too: there are few."""
    rows = await db.fetch(
        f"select {', '.join(_FIELDS)} from reimbursement_contracts where contractor_legal_entity_id = $1",
        legal_entity_id,
    )
    return [as_model(Contract, row) for row in rows]


async def save(db: Connection, contracts: Sequence[Contract], now: datetime) -> ImportCounts:
    """Write contracts that are new or differ; terminate those that are not among them."""
    rows = await db.fetch(f"select {', '.join(_FIELDS)} from reimbursement_contracts")
    earlier = {each.id: each for each in (as_model(Contract, row) for row in rows)}
    new = [each for each in contracts if each.id not in earlier]
    changed = [each for each in contracts if each.id in earlier and earlier[each.id] != each]
    for each in (*new, *changed):
        await _write(db, each, now)
    ended = await db.fetch(
        "update reimbursement_contracts set status = 'TERMINATED', updated_at = $2"
        " where status <> 'TERMINATED' and id <> all($1) returning id",
        [each.id for each in contracts],
        now,
    )
    return ImportCounts(len(new), len(changed), len(ended))


async def _write(db: Connection, contract: Contract, now: datetime) -> None:
    values = [getattr(contract, name) for name in _FIELDS]
    values = [list(value) if isinstance(value, tuple) else value for value in values]
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*_FIELDS[1:], "updated_at"))
    last = f"${len(values) + 1}"
    await db.execute(
        f"insert into reimbursement_contracts ({', '.join(_FIELDS)}, inserted_at, updated_at)"
        f" values ({places}, {last}, {last}) on conflict (id) do update set {changes}",
        *values,
        now,
    )
