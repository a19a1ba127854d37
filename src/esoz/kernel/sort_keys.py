"""Keys of the order of names that are kept with the rows: made anew, in batches, when their function has changed."""

from datetime import timedelta

from .work import Work

BATCH = 500
MOST_BATCHES = 200  # of one column in one turn
EVERY = timedelta(hours=12)

_COLUMNS = """
select quote_ident(t.relname) as "table", quote_ident(a.attname) as "column",
    pg_get_expr(d.adbin, d.adrelid) as expression, quote_ident(base.attname) as base
from pg_attrdef d
    join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    join pg_class t on t.oid = d.adrelid
    join lateral (
        select b.attname from pg_depend p join pg_attribute b on b.attrelid = t.oid and b.attnum = p.refobjsubid
        where p.classid = 'pg_attrdef'::regclass and p.objid = d.oid and p.refobjid = t.oid and b.attnum <> a.attnum
        order by b.attnum limit 1
    ) base on true
where a.attgenerated = 's' and t.relnamespace = current_schema()::regnamespace
    and pg_get_expr(d.adbin, d.adrelid) like '%ukrainian_key(%'
order by t.relname, a.attname
"""


async def renew(work: Work) -> None:
    """Bring rows whose key is not what its function gives now to the present one; there are none in most turns."""
    for row in await work.db.fetch(_COLUMNS):
        for _ in range(MOST_BATCHES):
            # To write a column that the key is made of, as it is, makes the key anew.
            done = await work.db.execute(
                f"update {row['table']} set {row['base']} = {row['base']} where ctid = any(array("
                f"select ctid from {row['table']} where {row['column']} is distinct from {row['expression']}"
                f" limit {BATCH} for update skip locked))"
            )
            if int(done.rpartition(" ")[2]) < BATCH:
                break


periodic_tasks = (("order of names", EVERY, renew),)
