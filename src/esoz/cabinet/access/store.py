"""Patients who are signed in, and their tokens, sealed."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.vault import Vault
from esoz.sdk import Tokens

from ..services import Patient

_PATIENT = "id, person_id, last_name, first_name, second_name, signed_in_at"


async def load_patient(db: Connection, user_id: UUID) -> Patient | None:
    """Who is signed in; None when central's token has been given back meanwhile."""
    row = await db.fetchrow(f"select {_PATIENT}, applicant_id from patients where id = $1", user_id)
    if row is None:
        return None
    applicant_id = row["applicant_id"]
    applicant = await load_patient(db, applicant_id) if applicant_id else None
    if applicant_id and applicant is None:  # who acted has gone out
        return None
    return Patient(**{name: row[name] for name in _PATIENT.split(", ")}, applicant=applicant)


async def save(db: Connection, vault: Vault, patient: Patient, given: Tokens) -> None:
    """The patient is signed in; earlier tokens of theirs are replaced."""
    access, refresh = _sealed(vault, patient.id, given)
    await db.execute(
        f"insert into patients ({_PATIENT}, access, refresh, expires_at, applicant_id)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " on conflict (id) do update set person_id = excluded.person_id, last_name = excluded.last_name,"
        " first_name = excluded.first_name, second_name = excluded.second_name,"
        " signed_in_at = excluded.signed_in_at, access = excluded.access, refresh = excluded.refresh,"
        " expires_at = excluded.expires_at",
        patient.id,
        patient.person_id,
        patient.last_name,
        patient.first_name,
        patient.second_name,
        patient.signed_in_at,
        access,
        refresh,
        given.expires_at,
        patient.applicant.id if patient.applicant else None,
    )


async def acting(db: Connection, applicant_id: UUID) -> list[UUID]:
    """Ids under which somebody acts for others."""
    return [row["id"] for row in await db.fetch("select id from patients where applicant_id = $1", applicant_id)]


async def tokens(db: Connection, vault: Vault, user_id: UUID, *, lock: bool = False) -> Tokens | None:
    """The tokens of a patient, None when they are signed out; `lock` lets one renewal happen at a time."""
    row = await db.fetchrow(
        "select access, refresh, expires_at from patients where id = $1" + (" for update" if lock else ""), user_id
    )
    if row is None:
        return None
    refresh = vault.open(row["refresh"], f"refresh {user_id}") if row["refresh"] else None
    return Tokens(vault.open(row["access"], f"access {user_id}"), refresh, row["expires_at"])


async def renew(db: Connection, vault: Vault, user_id: UUID, given: Tokens) -> None:
    access, refresh = _sealed(vault, user_id, given)
    await db.execute(
        "update patients set access = $2, refresh = $3, expires_at = $4 where id = $1",
        user_id,
        access,
        refresh,
        given.expires_at,
    )


async def forget(db: Connection, user_id: UUID) -> None:
    """Nothing of the patient stays."""
    await db.execute("delete from patients where id = $1", user_id)


async def left(db: Connection, *, limit: int) -> Sequence[UUID]:
    """Patients without a session: they closed the browser and did not come back in time."""
    rows = await db.fetch(
        "select id from patients p where not exists (select from sessions s where s.user_id = p.id)"
        # who acts for another comes back to their own data
        " and not exists (select from patients w join sessions s on s.user_id = w.id where w.applicant_id = p.id)"
        " limit $1 for update skip locked",
        limit,
    )
    return [row["id"] for row in rows]


def _sealed(vault: Vault, user_id: UUID, given: Tokens) -> tuple[bytes, bytes | None]:
    refresh = vault.seal(given.refresh, f"refresh {user_id}") if given.refresh else None
    return vault.seal(given.access, f"access {user_id}"), refresh
