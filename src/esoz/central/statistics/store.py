"""SQL of the counters."""

from collections.abc import Mapping
from datetime import date

from esoz.kernel.db import Connection, Row

CLINICS = ("MSP", "MSP_PHARMACY", "PRIMARY_CARE", "OUTPATIENT", "EMERGENCY")
PHARMACIES = ("PHARMACY", "MSP_PHARMACY")
DOCTORS = ("DOCTOR", "SPECIALIST")


async def sums(db: Connection) -> Mapping[str, int]:
    """Every total."""
    rows = await db.fetch("select name, sum(value)::bigint as value from totals group by name")
    return {row["name"]: row["value"] for row in rows}


async def by_day(db: Connection, first: date, last: date) -> list[Row]:
    """(day, name, value) of the days asked for; a day on which nothing was counted is not there."""
    rows: list[Row] = await db.fetch(
        "select day, name, sum(value)::bigint as value from counters where day between $1 and $2 group by day, name",
        first,
        last,
    )
    return rows


async def by_region(db: Connection, first: date, last: date) -> list[Row]:
    """(region, name, value) of the days asked for."""
    rows: list[Row] = await db.fetch(
        "select region, name, sum(value)::bigint as value from counters"
        " where day between $1 and $2 group by region, name",
        first,
        last,
    )
    return rows


async def people_and_places(db: Connection) -> Row:
    """How many clinics, pharmacies, doctors and pharmacists work now, each from an index of those that do."""
    row: Row = await db.fetchrow(
        """
        select
            (select count(*) from legal_entities
                where status = 'ACTIVE' and is_active and type = any($1::text[])) as clinics,
            (select count(*) from legal_entities
                where status = 'ACTIVE' and is_active and type = any($2::text[])) as pharmacies,
            (select count(*) from employees
                where status = 'APPROVED' and is_active and employee_type = any($3::text[])) as doctors,
            (select count(*) from employees
                where status = 'APPROVED' and is_active and employee_type = 'PHARMACIST') as pharmacists
        """,
        CLINICS,
        PHARMACIES,
        DOCTORS,
    )
    return row
