"""SQL of questions: sums, and what acts left since the sums were made, in one statement."""

from collections.abc import Mapping, Sequence
from datetime import date

from esoz.kernel.db import Connection
from esoz.kernel.spelling import name_order

from ..model import EVER, EVERY, EVERYTHING, NONE, TOLD, Cell, Counter, Dimension, Grain, Slice
from .counting import COLUMNS, summed

_KEYS = {
    None: "''",
    Dimension.REGION: "region",
    Dimension.PROGRAMME: "program_id::text",
    Dimension.SUBSTANCE: "substance_id::text",
}
# Programmes are few and stand in the middle of the key: each is looked up, the rest of the years is not read.
_PROGRAMMES = f"array(select id from medical_programs union all select '{NONE}')"


async def cells(
    db: Connection,
    grain: Grain,
    span: tuple[date, date],
    of: Slice,
    by: Dimension | None = None,
    *,
    columns: Sequence[str] = COLUMNS,
) -> Sequence[Cell]:
    """The numbers of a part of all, between two days, told apart by time and, if wanted, by a free dimension."""
    stored, waiting = _conditions(of, by)
    select = ", ".join(f"sum({column}) as {column}" for column in columns)
    starts = f"date '{EVER}'" if grain is Grain.EVER else f"date_trunc('{grain.value}', day)::date"
    rows = await db.fetch(
        f"""
        with facts as (
            select u.day, u.counter, u.value, u.quantity, u.region,
                coalesce(u.program_id, '{NONE}') as program_id, coalesce(s.substance_id, '{NONE}') as substance_id
            from uncounted u left join dosage_substances s on s.dosage_id = u.dosage_id
            where $1::text = '{Grain.EVER.value}' or u.day between $2 and $3
        ), found as (
            select starts, {_KEYS[by]} as key, {", ".join(columns)} from statistics
            where grain = $1 and starts between $2 and $3 and {stored}
            union all
            select {starts}, {_KEYS[by]}, {summed("f", columns)} from facts f where {waiting} group by 1, 2
        )
        select starts, key, {select} from found group by starts, key order by starts, key
        """,
        grain.value,
        *span,
        of.region,
        of.programme,
        of.substance,
    )
    return [Cell(row["starts"], row["key"], {column: row[column] for column in columns}) for row in rows]


def _conditions(of: Slice, by: Dimension | None) -> tuple[str, str]:
    """What sums and waiting lines have to be: $4 the region, $5 the programme, $6 the substance."""
    stored, waiting = [], []
    given = {Dimension.REGION: "region", Dimension.PROGRAMME: "program_id", Dimension.SUBSTANCE: "substance_id"}
    every = {Dimension.REGION: EVERY, Dimension.PROGRAMME: EVERYTHING, Dimension.SUBSTANCE: EVERYTHING}
    kinds = {Dimension.REGION: "text", Dimension.PROGRAMME: "uuid", Dimension.SUBSTANCE: "uuid"}
    for number, (dimension, column) in enumerate(given.items(), 4):
        parameter = f"${number}::{kinds[dimension]}"
        if dimension is by:
            several = f"{column} = any({_PROGRAMMES})" if dimension is Dimension.PROGRAMME else "true"
            stored.append(f"{parameter} is null and {several} and {column} <> '{every[dimension]}'")
        elif dimension in of.chosen:
            stored.append(f"{column} = {parameter}")
            waiting.append(f"{column} = {parameter}")
        else:
            stored.append(f"{parameter} is null and {column} = '{every[dimension]}'")
    return " and ".join(stored), " and ".join(waiting) or "true"


async def first_day(db: Connection) -> date | None:
    """The first day on which anything was counted that is told; a visit may be of any year that was typed."""
    first: date | None = await db.fetchval(
        "select min(day) from (select min(starts) as day from statistics where grain = 'day' and substance_id = $1"
        f" and program_id = $1 and region = '{EVERY}' and ({' or '.join(f'{name} <> 0' for name in TOLD)})"
        " union all select min(day) from uncounted where counter = any($2)) days",
        EVERYTHING,
        [counter.value for counter in Counter if counter.is_of_prescriptions],
    )
    return first


_COUNTED = f"from statistics c where c.grain = '{Grain.EVER.value}' and c.starts = '{EVER}'"
_NAMES = {
    Dimension.REGION: f"select c.region as key, c.region as name {_COUNTED} and c.substance_id = '{EVERYTHING}'"
    f" and c.program_id = '{EVERYTHING}' and c.region <> '{EVERY}'",
    Dimension.PROGRAMME: "select c.program_id::text as key,"
    " coalesce((select p.name from medical_programs p where p.id = c.program_id), '') as name"
    f" {_COUNTED} and c.substance_id = '{EVERYTHING}' and c.region = '{EVERY}' and c.program_id <> '{EVERYTHING}'",
    Dimension.SUBSTANCE: """
        select c.substance_id::text as key, coalesce((
            select string_agg(i.name, ' + ' order by parts.place)
            from (select innm_ids from dosage_substances where substance_id = c.substance_id limit 1) one,
                unnest(one.innm_ids) with ordinality parts (id, place) join innms i on i.id = parts.id
        ), '') as name"""
    f" {_COUNTED} and c.program_id = '{EVERYTHING}' and c.region = '{EVERY}' and c.substance_id <> '{EVERYTHING}'",
}


async def names(db: Connection, dimension: Dimension) -> Mapping[str, str]:
    """The names of all regions, programmes or substances that sums stand for, by the alphabet; '' is unnamed."""
    rows = await db.fetch(_NAMES[dimension])
    return {row["key"]: row["name"] for row in sorted(rows, key=lambda row: (not row["name"], name_order(row["name"])))}
