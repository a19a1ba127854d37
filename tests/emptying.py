"""Tables made empty between tests.

`truncate` makes new files for a table and for each of its indexes, and `cascade` for those of every table that
refers to it: some hundred files a test. What few rows a test leaves are deleted a hundred times faster.
"""

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


_known: dict[tuple[str, tuple[str, ...]], str] = {}  # of a database and its tables


async def empty_tables(db: Connection, *tables: str) -> None:
    """Delete all rows of these tables and of all that refer to them; triggers and references are not asked."""
    database = await db.fetchval("select current_database()")
    statement = _known.get((database, tables))
    if statement is None:
        found = [row["name"] for row in await db.fetch(_REFERRING, list(tables))]
        deletes = "; ".join(f"delete from {name}" for name in found)
        statement = f"set session_replication_role = replica; {deletes}; set session_replication_role = origin"
        _known[database, tables] = statement
    await db.execute(statement)
