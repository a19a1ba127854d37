"""Prescriptions of this workplace, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.errors import NotFound

from .model.favourites import Favourite
from .model.prescriptions import Prescription, State

_CHANGING = (
    "programme",
    "drug",
    "ways",
    "form",
    "reason",
    "answers",
    "state",
    "request_id",
    "request_number",
    "content",
    "signed",
    "informed",
    "code_on_note",
    "status",
    "status_at",
    "valid_to",
    "series_id",
    "series_place",
    "updated_at",
)


_DOCUMENTS = ("programme", "drug", "ways")


@dataclass(frozen=True, slots=True)
class Rejection:
    """What is signed to take a prescription back."""

    request_id: UUID
    patient_id: UUID
    reason_code: str
    content: bytes

    @property
    def shown(self) -> Mapping[str, Any]:
        """The document, read for people."""
        return msgspec.json.decode(self.content, type=dict)


async def add(db: Connection, prescription: Prescription) -> None:
    columns = {name: getattr(prescription, name) for name in Prescription.__slots__}
    await insert(db, "prescriptions", **columns | {name: _json(columns[name]) for name in _DOCUMENTS})


def _json(value: object) -> object:
    return msgspec.to_builtins(value)


async def find(
    db: Connection, prescription_id: UUID, *, user_id: UUID, clinic_id: UUID, lock: bool = False
) -> Prescription:
    """One of the user's own at the present clinic; `lock` makes a second click wait. Raises NotFound."""
    row = await db.fetchrow(
        "select * from prescriptions where id = $1 and user_id = $2 and clinic_id = $3" + " for update" * lock,
        prescription_id,
        user_id,
        clinic_id,
    )
    if row is None:
        raise NotFound()
    return as_model(Prescription, row)


async def save(db: Connection, prescription: Prescription) -> None:
    """Store what may change."""
    changed = [(name, getattr(prescription, name)) for name in _CHANGING]
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(_CHANGING, start=2))
    await db.execute(
        f"update prescriptions set {changes} where id = $1",
        prescription.id,
        *(_json(value) if name in _DOCUMENTS else value for name, value in changed),
    )


async def of_request(db: Connection, request_id: UUID, clinic_id: UUID) -> Prescription | None:
    """The one that central knows under this id."""
    row = await db.fetchrow(
        "select * from prescriptions where request_id = $1 and clinic_id = $2", request_id, clinic_id
    )
    return as_model(Prescription, row) if row else None


async def last_programme(db: Connection, user_id: UUID, clinic_id: UUID) -> UUID | None:
    """The programme that the user prescribed by last."""
    found: str | None = await db.fetchval(
        "select programme ->> 'id' from prescriptions where user_id = $1 and clinic_id = $2"
        " order by created_at desc limit 1",
        user_id,
        clinic_id,
    )
    return UUID(found) if found else None


async def unfinished(db: Connection, patient_id: UUID, user_id: UUID, clinic_id: UUID) -> Sequence[Prescription]:
    """The user's own for a patient that are not signed yet, the newest first."""
    rows = await db.fetch(
        "select * from prescriptions where patient_id = $1 and user_id = $2 and clinic_id = $3"
        " and state in ('draft', 'made', 'sent') order by created_at desc limit 20",
        patient_id,
        user_id,
        clinic_id,
    )
    return [as_model(Prescription, row) for row in rows]


async def unsigned(
    db: Connection, patient_id: UUID, clinic_id: UUID, but: UUID, limit: int = 100
) -> Sequence[Prescription]:
    """Everybody's of the clinic for a patient that are not signed yet, but one; the newest first."""
    rows = await db.fetch(
        "select * from prescriptions where patient_id = $1 and clinic_id = $2 and id <> $3"
        " and state in ('draft', 'made', 'sent') order by created_at desc limit $4",
        patient_id,
        clinic_id,
        but,
        limit,
    )
    return [as_model(Prescription, row) for row in rows]


async def of_encounter(
    db: Connection, encounter_id: UUID, user_id: UUID, clinic_id: UUID, limit: int = 20
) -> Sequence[Prescription]:
    """The user's own of an encounter that are not signed yet, in the order in which they were written."""
    rows = await db.fetch(
        "select * from prescriptions where encounter_id = $1 and user_id = $2 and clinic_id = $3"
        " and state in ('draft', 'made') order by created_at, id limit $4",
        encounter_id,
        user_id,
        clinic_id,
        limit,
    )
    return [as_model(Prescription, row) for row in rows]


MADE = "select count(*) from prescriptions where user_id = $1 and clinic_id = $2 and state = 'made'"


async def made(
    db: Connection, user_id: UUID, clinic_id: UUID, *, limit: int, patient_id: UUID | None = None
) -> Sequence[Prescription]:
    """The user's own that wait for their signature, the oldest first: central keeps a draft for minutes only."""
    query = (
        Query("select * from prescriptions")
        .where("user_id = {} and clinic_id = {} and state = 'made'", user_id, clinic_id)
        .where_given("patient_id = {}", patient_id)
    )
    # Of a series in its order: central takes none before the one that it follows.
    order = "updated_at, coalesce(series_id, id), series_place, id"
    return [as_model(Prescription, row) for row in await query.rows(db, order=order, limit=limit)]


async def of_series(db: Connection, series_id: UUID, *, after: int = 0) -> Sequence[Prescription]:
    """A series in its order, without what was thrown away; `after`: only those behind this place."""
    rows = await db.fetch(
        "select * from prescriptions where series_id = $1 and series_place > $2 and state <> 'discarded'"
        " order by series_place for update",
        series_id,
        after,
    )
    return [as_model(Prescription, row) for row in rows]


async def search(
    db: Connection, page: Page, *, user_id: UUID, clinic_id: UUID, status: str, first: date | None, last: date | None
) -> Paged:
    """The user's own, the newest first; `status` is a status of central or a state of ours. Days are Kyiv's."""
    query = (
        Query(
            "select r.*, p.last_name, p.first_name, p.second_name from prescriptions r"
            " join patients p on p.person_id = r.patient_id and p.clinic_id = r.clinic_id"
        )
        .where("r.user_id = {} and r.clinic_id = {}", user_id, clinic_id)
        .where("r.state <> 'discarded'")
        .where_given("(r.created_at at time zone 'Europe/Kyiv')::date >= {}", first)
        .where_given("(r.created_at at time zone 'Europe/Kyiv')::date <= {}", last)
    )
    if status == "unsigned":
        query.where("r.state <> 'issued'")
    elif status:
        query.where("r.state = 'issued' and r.status = {}", status)
    return await query.page(db, page, order="created_at desc, id")


def prescription(row: Row) -> Prescription:
    return as_model(Prescription, row)


async def note_status(db: Connection, request_id: UUID, status: str, at: datetime) -> None:
    """Keep what central told of a prescription."""
    await db.execute(
        "update prescriptions set status = $2, status_at = $3 where request_id = $1 and state = $4",
        request_id,
        status,
        at,
        State.ISSUED,
    )


async def stale(
    db: Connection, before: datetime, limit: int, *, owner: tuple[UUID, UUID] | None = None
) -> Sequence[Row]:
    """Active prescriptions whose status was told before a moment, the longest ago first; `owner`: user and clinic.

    Without an owner those of all who have given their consent to ask.
    """
    query = (
        Query("select request_id, patient_id, user_id, clinic_id, status from prescriptions r")
        .where("state = 'issued' and status = 'ACTIVE'")
        .where("(status_at is null or status_at < {})", before)
    )
    if owner is None:
        query.where("exists (select from central_tokens t where (t.user_id, t.clinic_id) = (r.user_id, r.clinic_id))")
    else:
        query.where("user_id = {} and clinic_id = {}", *owner)
    return await query.rows(db, order="status_at nulls first, created_at", limit=limit)


async def keep_rejection(db: Connection, rejection: Rejection, *, user_id: UUID, clinic_id: UUID, at: datetime) -> None:
    await db.execute(
        "insert into prescription_rejections (request_id, clinic_id, user_id, patient_id, reason_code, content,"
        " created_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (request_id, user_id) do update set"
        " clinic_id = excluded.clinic_id, reason_code = excluded.reason_code, content = excluded.content,"
        " created_at = excluded.created_at",
        rejection.request_id,
        clinic_id,
        user_id,
        rejection.patient_id,
        rejection.reason_code,
        rejection.content,
        at,
    )


async def rejection(db: Connection, request_id: UUID, *, user_id: UUID, clinic_id: UUID) -> Rejection:
    """What the user is about to sign. Raises NotFound."""
    row = await db.fetchrow(
        "select request_id, patient_id, reason_code, content from prescription_rejections"
        " where request_id = $1 and user_id = $2 and clinic_id = $3",
        request_id,
        user_id,
        clinic_id,
    )
    if row is None:
        raise NotFound()
    return as_model(Rejection, row)


async def drop_rejection(db: Connection, request_id: UUID, user_id: UUID) -> None:
    await db.execute("delete from prescription_rejections where request_id = $1 and user_id = $2", request_id, user_id)


async def previous(db: Connection, patient_id: UUID, clinic_id: UUID, *, limit: int) -> Sequence[Prescription]:
    """What the clinic prescribed to a patient, each medicine as it was written last, the newest first."""
    rows = await db.fetch(
        "select * from (select distinct on (drug ->> 'id') * from prescriptions where patient_id = $1"
        " and clinic_id = $2 and state = 'issued' order by drug ->> 'id', created_at desc) found"
        " order by created_at desc limit $3",
        patient_id,
        clinic_id,
        limit,
    )
    return [as_model(Prescription, row) for row in rows]


async def keep_favourite(db: Connection, favourite: Favourite, at: datetime) -> None:
    """The same course twice is one; sharing it later shares it."""
    await db.execute(
        "insert into favourites (id, clinic_id, user_id, is_shared, drug_id, drug_name, form, words, created_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (clinic_id, user_id, drug_id, words)"
        " do update set is_shared = excluded.is_shared or favourites.is_shared",
        *(getattr(favourite, name) for name in Favourite.__slots__),
        at,
    )


async def favourites(db: Connection, user_id: UUID, clinic_id: UUID, *, limit: int) -> Sequence[Favourite]:
    """The user's own first, then those that colleagues share, by the medicine."""
    rows = await db.fetch(
        "select id, clinic_id, user_id, is_shared, drug_id, drug_name, form, words from favourites"
        " where clinic_id = $1 and (user_id = $2 or is_shared) order by user_id <> $2, drug_name, words, id limit $3",
        clinic_id,
        user_id,
        limit,
    )
    return [as_model(Favourite, row) for row in rows]


async def count_favourites(db: Connection, user_id: UUID, clinic_id: UUID) -> int:
    """How many a user has; whoever counts too waits until this transaction ends, so that two tabs keep the limit."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"favourites:{user_id}:{clinic_id}")
    found: int = await db.fetchval(
        "select count(*) from favourites where user_id = $1 and clinic_id = $2", user_id, clinic_id
    )
    return found


async def is_favourite(db: Connection, favourite: Favourite) -> bool:
    """Has the user kept this course already?"""
    found: bool = await db.fetchval(
        "select exists (select from favourites where clinic_id = $1 and user_id = $2 and drug_id = $3 and words = $4)",
        *(getattr(favourite, name) for name in ("clinic_id", "user_id", "drug_id", "words")),
    )
    return found


async def drop_favourite(db: Connection, favourite_id: UUID, user_id: UUID, clinic_id: UUID) -> bool:
    """One of the user's own, or one that is shared: whoever shared it may have left the clinic."""
    found = await db.fetchval(
        "delete from favourites where id = $1 and clinic_id = $3 and (user_id = $2 or is_shared) returning id",
        favourite_id,
        user_id,
        clinic_id,
    )
    return found is not None


async def used(
    db: Connection, drug_ids: Sequence[str], user_id: UUID, clinic_id: UUID
) -> Mapping[str, tuple[int, int]]:
    """How often each of these medicines was prescribed: by the user, and by the clinic."""
    rows = await db.fetch(
        "select drug ->> 'id' as drug_id, count(*) filter (where user_id = $2) as own, count(*) as whole"
        " from prescriptions where clinic_id = $3 and drug ->> 'id' = any($1) and state = 'issued' group by 1",
        list(drug_ids),
        user_id,
        clinic_id,
    )
    return {row["drug_id"]: (row["own"], row["whole"]) for row in rows}
