"""SQL of what there is now."""

from collections.abc import Mapping
from uuid import UUID

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


async def by_region(db: Connection) -> list[Row]:
    """Every region with its clinics and pharmacies, and with doctors and pharmacists of divisions that stand there."""
    rows: list[Row] = await db.fetch(
        """
        with entities as (
            select plain_name(residence_address ->> 'area') as region,
                count(*) filter (where type = any($1::text[])) as clinics,
                count(*) filter (where type = any($2::text[])) as pharmacies
            from legal_entities where status = 'ACTIVE' and is_active group by 1
        ), places as (
            select plain_name(region_of_division(division_id)) as region, sum(doctors) as doctors,
                sum(pharmacists) as pharmacists
            from (
                select division_id, count(*) filter (where employee_type = any($3::text[])) as doctors,
                    count(*) filter (where employee_type = 'PHARMACIST') as pharmacists
                from employees where status = 'APPROVED' and is_active and division_id is not null group by 1
            ) divisions group by 1
        )
        select r.id, r.name, coalesce(e.clinics, 0) as clinics, coalesce(e.pharmacies, 0) as pharmacies,
            coalesce(p.doctors, 0)::bigint as doctors, coalesce(p.pharmacists, 0)::bigint as pharmacists
        from regions r left join entities e on e.region = plain_name(r.name)
            left join places p on p.region = plain_name(r.name)
        order by r.name_key, r.id
        """,
        CLINICS,
        PHARMACIES,
        DOCTORS,
    )
    return rows


async def of_division(db: Connection, id: UUID) -> Row | None:
    """What there is in a division that stands open, each counted in an index."""
    row: Row | None = await db.fetchrow(
        """
        select d.id, d.name, (l.type = any($2::text[]))::int as clinics,
            (select count(*) from declarations where division_id = d.id and status = 'active') as declarations,
            (select count(*) from employees where division_id = d.id and status = 'APPROVED' and is_active
                and employee_type = any($3::text[])) as doctors,
            (select count(*) from medication_requests where division_id = d.id and status = 'ACTIVE')
                as prescriptions_active,
            (select count(*) from medication_requests where division_id = d.id and status = 'COMPLETED')
                as prescriptions_completed
        from divisions d join legal_entities l on l.id = d.legal_entity_id
        where d.id = $1 and d.is_active and d.status = 'ACTIVE' and l.is_active
        """,
        id,
        CLINICS,
        DOCTORS,
    )
    return row
