"""Tables made empty between tests.

`truncate` makes new files for a table and for each of its indexes, and `cascade` for those of every table that
refers to it: some hundred files a test. What few rows a test leaves are deleted a hundred times faster.
"""

from collections.abc import Collection, Sequence

from esoz.kernel.db import Connection

_REFERRING = """
    with recursive emptied as (
        select oid from unnest($1::text[]::regclass[]) oid
        union
        select c.conrelid from pg_constraint c join emptied on c.confrelid = emptied.oid
        where c.contype = 'f'
    )
    select oid::regclass::text as name from emptied
"""


def _deleting(tables: Sequence[str]) -> str:
    deletes = "; ".join(f"delete from {name}" for name in tables)
    return f"set session_replication_role = replica; {deletes}; set session_replication_role = origin"


_known: dict[tuple[str, tuple[str, ...]], str] = {}  # of a database and its tables


async def empty_tables(db: Connection, *tables: str) -> None:
    """Delete all rows of these tables and of all that refer to them; triggers and references are not asked."""
    database = await db.fetchval("select current_database()")
    statement = _known.get((database, tables))
    if statement is None:
        found = [row["name"] for row in await db.fetch(_REFERRING, list(tables))]
        statement = _deleting(found)
        _known[database, tables] = statement
    await db.execute(statement)


# Tables of the kernel that only grow: the audit log, and which migrations have run.
_GROWING = ("migrations", "audit_chain")
_ALL = """
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> all($1) and c.relname not like 'audit_events%'
"""


async def empty_all_tables(db: Connection, staying: Collection[str] = ()) -> None:
    """Delete all rows of a database but those of the audit log and of the tables that stay."""
    database, kept = await db.fetchval("select current_database()"), tuple(sorted(staying))
    statement = _known.get((database, kept))
    if statement is None:
        found = await db.fetch(_ALL, [*_GROWING, *kept])
        statement = _deleting([row["name"] for row in found])
        _known[database, kept] = statement
    await db.execute(statement)
