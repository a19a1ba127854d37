"""SQL that turns lines of acts into sums, and counts what stood there before statistics did."""

from collections.abc import Collection

from esoz.kernel.db import Connection

from ..model import EVER, EVERY, EVERYTHING, NONE, Counter

_LOCK = "statistics are folded"  # by one at a time
# Columns of sums, and of which counter each is.
_COUNTED = {counter.column: counter for counter in Counter}
_QUANTITIES = {"quantity_written": Counter.WRITTEN, "quantity_dispensed": Counter.DISPENSED}
# What declarations and visits have no part in.
_PRESCRIBED = [each.value for each in Counter if each.is_of_prescriptions]

COLUMNS = (*_COUNTED, *_QUANTITIES)


def summed(alias: str, columns: Collection[str] = COLUMNS) -> str:
    """The columns of sums, made of lines of acts."""
    counts = [
        f"coalesce(sum({alias}.value) filter (where {alias}.counter = '{counter.value}'), 0)::bigint as {column}"
        for column, counter in _COUNTED.items()
        if column in columns
    ]
    quantities = [
        f"coalesce(sum({alias}.quantity) filter (where {alias}.counter = '{counter.value}'), 0) as {column}"
        for column, counter in _QUANTITIES.items()
        if column in columns
    ]
    return ", ".join(counts + quantities)


# Lines of counters that no column is for stay until one is.
_FOLD = f"""
with taken as (
    delete from uncounted where ctid = any(array(
        select ctid from uncounted where counter = any($2::text[]) limit $1 for update skip locked))
    returning *
), facts as (
    select t.day, t.counter, t.value, t.quantity, t.region, t.counter = any($3::text[]) as is_prescribed,
        coalesce(t.program_id, '{NONE}') as program_id, coalesce(s.substance_id, '{NONE}') as substance_id
    from taken t left join dosage_substances s on s.dosage_id = t.dosage_id
), cells as (
    select g.grain, g.starts, case when grouping(f.region) = 1 then '{EVERY}' else f.region end as region,
        coalesce(f.program_id, '{EVERYTHING}') as program_id, coalesce(f.substance_id, '{EVERYTHING}') as substance_id,
        {summed("f")}
    from facts f cross join lateral (values
        ('day', f.day), ('month', date_trunc('month', f.day)::date), ('year', date_trunc('year', f.day)::date),
        ('ever', date '{EVER}')
    ) g (grain, starts)
    group by g.grain, g.starts, cube(f.region, f.program_id, f.substance_id)
    having (g.grain <> 'day' or grouping(f.substance_id) = 1
            or grouping(f.region) = 1 and grouping(f.program_id) = 1)
        and (bool_or(f.is_prescribed) or grouping(f.program_id) = 1 and grouping(f.substance_id) = 1)
), doctors as (
    insert into doctor_months (month, employee_id, prescriptions, visits, declarations)
    select date_trunc('month', t.day)::date, t.employee_id,
        coalesce(sum(t.value) filter (where t.counter = '{Counter.WRITTEN.value}'), 0),
        coalesce(sum(t.value) filter (where t.counter = '{Counter.VISITS.value}'), 0),
        coalesce(sum(t.value) filter (where t.counter = '{Counter.DECLARED.value}'), 0)
    from taken t where t.employee_id is not null group by 1, 2
    on conflict (month, employee_id) do update set prescriptions = doctor_months.prescriptions + excluded.prescriptions,
        visits = doctor_months.visits + excluded.visits,
        declarations = doctor_months.declarations + excluded.declarations
), summed as (
    insert into statistics (grain, starts, region, program_id, substance_id, {", ".join(COLUMNS)})
    select * from cells
    on conflict (grain, substance_id, program_id, starts, region) do update set
        {", ".join(f"{column} = statistics.{column} + excluded.{column}" for column in COLUMNS)}
)
select count(*) from taken
"""


async def fold(db: Connection, most: int) -> int:
    """Add up to so many lines of acts to the sums; how many there were. Whoever folds already is left alone."""
    if not await db.fetchval("select pg_try_advisory_xact_lock(hashtext($1))", _LOCK):
        return 0
    counters = [each.value for each in Counter]
    folded: int = await db.fetchval(_FOLD, most, counters, _PRESCRIBED)
    return folded


async def unfilled(db: Connection) -> str | None:
    """A source with rows older than these statistics that are not counted yet."""
    found: str | None = await db.fetchval(
        "select source from statistics_fills where not is_done order by source limit 1"
    )
    return found


async def fill(db: Connection, source: str, most: int) -> int:
    """Count the next rows of a source; how many were passed."""
    passed: int = await db.fetchval("select fill_statistics($1, $2)", source, most)
    return passed
