"""Patients that the clinic has opened."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, as_model
from esoz.mis.base.patient import Patient

KEPT_RECENT = 12
_COLUMNS = "p.person_id as id, p.last_name, p.first_name, p.second_name, p.birth_date, p.gender"


async def find(db: Connection, clinic_id: UUID, person_id: UUID) -> Patient | None:
    row = await db.fetchrow(
        f"select {_COLUMNS} from patients p where p.person_id = $1 and p.clinic_id = $2", person_id, clinic_id
    )
    return as_model(Patient, row) if row else None


async def some(db: Connection, clinic_id: UUID, person_ids: Collection[UUID]) -> dict[UUID, Patient]:
    """Those of these people whom the clinic has opened."""
    rows = await db.fetch(
        f"select {_COLUMNS} from patients p where p.person_id = any($1) and p.clinic_id = $2",
        list(person_ids),
        clinic_id,
    )
    return {row["id"]: as_model(Patient, row) for row in rows}


async def open_known(db: Connection, clinic_id: UUID, person_id: UUID, user_id: UUID, at: datetime) -> Patient | None:
    """A patient of the clinic, who is from now on one of those whom the user has opened lately."""
    row = await db.fetchrow(
        "with p as (select * from patients where person_id = $1 and clinic_id = $2), noted as ("
        " insert into recent_patients (user_id, clinic_id, person_id, seen_at)"
        " select $3, clinic_id, person_id, $4 from p"
        " on conflict (user_id, clinic_id, person_id) do update set seen_at = excluded.seen_at)"
        f" select {_COLUMNS} from p",
        person_id,
        clinic_id,
        user_id,
        at,
    )
    return as_model(Patient, row) if row else None


async def keep(db: Connection, clinic_id: UUID, patient: Patient, at: datetime) -> None:
    await db.execute(
        "insert into patients (clinic_id, person_id, last_name, first_name, second_name, birth_date, gender, seen_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (person_id, clinic_id) do update set"
        " last_name = excluded.last_name, first_name = excluded.first_name, second_name = excluded.second_name,"
        " birth_date = excluded.birth_date, seen_at = excluded.seen_at,"
        # A list that names people may say nothing of it: what is known stays.
        " gender = coalesce(nullif(excluded.gender, ''), patients.gender)",
        clinic_id,
        patient.id,
        patient.last_name,
        patient.first_name,
        patient.second_name,
        patient.birth_date,
        patient.gender,
        at,
    )


async def recent(db: Connection, user_id: UUID, clinic_id: UUID) -> list[Patient]:
    rows = await db.fetch(
        f"select {_COLUMNS} from recent_patients r join patients p using (person_id, clinic_id)"
        " where r.user_id = $1 and r.clinic_id = $2 order by r.seen_at desc limit $3",
        user_id,
        clinic_id,
        KEPT_RECENT,
    )
    return [as_model(Patient, row) for row in rows]
