"""SQL of what there is now."""

from collections.abc import Mapping

from esoz.kernel.db import Connection, Row

CLINICS = ("MSP", "MSP_PHARMACY", "PRIMARY_CARE", "OUTPATIENT", "EMERGENCY")
PHARMACIES = ("PHARMACY", "MSP_PHARMACY")
DOCTORS = ("DOCTOR", "SPECIALIST")


async def sums(db: Connection) -> Mapping[str, int]:
    """Every total."""
    rows = await db.fetch("select name, sum(value)::bigint as value from totals group by name")
    return {row["name"]: row["value"] for row in rows}


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
