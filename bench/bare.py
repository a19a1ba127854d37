"""Tables without their indexes, keys and triggers while they are filled, and with all of them afterwards."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from esoz.kernel.db import Connection

_CONSTRAINTS = """
select conrelid::regclass::text as of_table, conname as name, contype = 'f' as is_reference,
    pg_get_constraintdef(oid) as definition
from pg_constraint
where contype in ('p', 'u', 'f')
    and (conrelid = any($1::text[]::regclass[]) or (contype = 'f' and confrelid = any($1::text[]::regclass[])))
order by contype = 'f', conname
"""
_INDEXES = """
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
from pg_index
where indrelid = any($1::text[]::regclass[])
    and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
order by 1
"""


@asynccontextmanager
async def bare(db: Connection, tables: Sequence[str], say: Callable[[str], None]) -> AsyncIterator[None]:
    """Nothing is kept up while rows come; afterwards everything is made from all of them, and every key is proven."""
    constraints = await db.fetch(_CONSTRAINTS, tables)
    indexes = await db.fetch(_INDEXES, tables)
    for each in reversed(constraints):  # references first
        await db.execute(f"alter table {each['of_table']} drop constraint {each['name']}")
    for each in indexes:
        await db.execute(f"drop index {each['name']}")
    await db.execute("set session_replication_role = replica")
    try:
        yield
    finally:
        await db.execute("set session_replication_role = origin")
    say(f"{len(indexes)} indexes and {len(constraints)} keys")
    await db.execute("set maintenance_work_mem = '512MB'")
    for each in [each for each in constraints if not each["is_reference"]]:
        await db.execute(_add(each), timeout=None)
    for each in indexes:
        await db.execute(each["definition"], timeout=None)
    for each in [each for each in constraints if each["is_reference"]]:
        await db.execute(_add(each), timeout=None)


def _add(constraint: dict[str, str]) -> str:
    of_table, name, definition = (constraint[each] for each in ("of_table", "name", "definition"))
    return f"alter table {of_table} add constraint {name} {definition}"
