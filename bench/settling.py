"""What commands and triggers keep up beside the rows, made at once after a growth; and how large the tables are."""

from dataclasses import dataclass

from esoz.kernel.db import Connection

_TOTALS = """
insert into totals (name, slot, value)
select name, 99, number from (
    select 'declarations' as name, count(*) as number from declarations where status = 'active'
    union all select 'request ' || status, count(*) from medication_requests group by status
    union all select 'written', count(*) from medication_requests
    union all select 'redeemed', count(*) from medication_requests where status = 'COMPLETED'
    union all select 'dispensed', count(*) from medication_dispenses where status = 'PROCESSED'
) counted
"""
_COUNTERS = """
insert into counters (day, region, name, slot, value)
select (at at time zone 'Europe/Kyiv')::date, region, name, 99, count(*) from (
    select inserted_at as at, region, 'written' as name from medication_requests
    union all select updated_at, region, 'redeemed' from medication_requests where status = 'COMPLETED'
    union all select updated_at, region, 'dispensed' from medication_dispenses where status = 'PROCESSED'
) acts
group by 1, 2, 3
"""
_OF_DOCTORS = """
update parties set declaration_count = counted.number from (
    select e.party_id, count(*) as number from declarations d join employees e on e.id = d.employee_id
    where d.status = 'active' group by 1
) counted
where id = counted.party_id
"""
_SIZES = """
select relname as name, n_live_tup as rows, pg_table_size(relid) as rows_bytes, pg_indexes_size(relid) as indexes_bytes
from pg_stat_user_tables where n_live_tup > 0 order by pg_total_relation_size(relid) desc
"""


async def settle(db: Connection) -> None:
    """Totals, counters, doctors' numbers; then statistics and the map of what all may see."""
    async with db.transaction():
        await db.execute("delete from totals; delete from counters")
        for statement in (_TOTALS, _COUNTERS, "update parties set declaration_count = 0", _OF_DOCTORS):
            await db.execute(statement, timeout=3600)
    await db.execute("vacuum (analyze)", timeout=3600)


@dataclass(frozen=True, slots=True)
class TableSize:
    """How large a table is, and what a row takes of it."""

    name: str
    rows: int
    rows_bytes: int
    indexes_bytes: int

    def line(self) -> str:
        each, indexes = self.rows_bytes / self.rows, self.indexes_bytes / self.rows
        whole = (self.rows_bytes + self.indexes_bytes) / 1e6
        return f"{self.name:36} {self.rows:>12,} {each:>8,.0f} {indexes:>8,.0f} {whole:>10,.1f}"


# Bytes of a row, and of its places in all indexes.
HEAD = f"{'table':36} {'rows':>12} {'bytes':>8} {'indexes':>8} {'whole MB':>10}"


async def sizes(db: Connection) -> list[TableSize]:
    """All tables with rows, the largest first."""
    return [TableSize(**row) for row in await db.fetch(_SIZES)]
