"""Registrations, in SQL."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from esoz.kernel import audit
from esoz.kernel.clock import new_id
from esoz.kernel.db import Connection, Page, Paged, Query, as_model, insert
from esoz.kernel.spelling import plain_name
from esoz.kernel.work import Actor, AuditEntry
from esoz.mis.base.section import Consent

from .model.registrations import KEPT, Event, Registration


async def add(db: Connection, **columns: object) -> None:
    await insert(db, "registrations", **columns)


async def find(db: Connection, clinic_id: UUID, id: UUID, *, lock: bool = False) -> Registration | None:
    row = await db.fetchrow(
        "select * from registrations where id = $1 and clinic_id = $2" + " for update" * lock, id, clinic_id
    )
    return as_model(Registration, row) if row else None


async def change(db: Connection, id: UUID, **columns: object) -> Registration:
    """Set columns; return the registration as it is now."""
    names = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, 2))
    row = await db.fetchrow(f"update registrations set {names} where id = $1 returning *", id, *columns.values())
    return as_model(Registration, row)


async def due(db: Connection, now: datetime) -> Registration | None:
    """A signed one that waits to be sent, held until the end of the transaction."""
    row = await db.fetchrow(
        "select * from registrations where state = 'queued' and next_at <= $1 order by next_at"
        " for update skip locked limit 1",
        now,
    )
    return as_model(Registration, row) if row else None


async def listed(db: Connection, clinic_id: UUID, *, name: str, states: Sequence[str], page: Page) -> Paged:
    """Registrations of a clinic, the newest first."""
    query = Query("select * from registrations").where("clinic_id = {} and state = any({})", clinic_id, list(states))
    for word in plain_name(name).split():
        query.where("strpos(plain_name(last_name || ' ' || first_name || ' ' || second_name), {}) > 0", word)
    found = await query.page(db, page, order="updated_at desc, id")
    return replace(found, rows=[_registration(dict(row)) for row in found.rows])


def _registration(row: dict[str, object]) -> Registration:
    row.pop("total_")
    return as_model(Registration, row)


async def open_change(db: Connection, clinic_id: UUID, person_id: UUID) -> UUID | None:
    """A change of this patient's data that is not finished yet, the newest."""
    found: UUID | None = await db.fetchval(
        "select id from registrations where clinic_id = $1 and person_id = $2 and is_change"
        " and state in ('draft', 'asked', 'confirmed', 'refused', 'queued') order by updated_at desc limit 1",
        clinic_id,
        person_id,
    )
    return found


async def under_way(db: Connection, consents: Sequence[Consent]) -> Collection[Consent]:
    """Which of these consents a signed registration is still to be sent with."""
    rows = await db.fetch(
        "select distinct user_id, clinic_id from registrations where state = 'queued' and user_id = any($1)",
        [each.user_id for each in consents],
    )
    return {Consent(row["user_id"], row["clinic_id"]) for row in rows} & set(consents)


async def wake(db: Connection, consent: Consent, now: datetime) -> None:
    """What waited for the consent goes now."""
    await db.execute(
        "update registrations set next_at = $3 where state = 'queued' and waits_for = 'consent'"
        " and user_id = $1 and clinic_id = $2",
        consent.user_id,
        consent.clinic_id,
        now,
    )


async def forget_old(db: Connection, now: datetime) -> None:
    """What was typed about people who were not registered is not kept for ever: their names neither."""
    await db.execute(
        "update registrations set form = '{}', person = '{}', before = '{}', papers = '[]', content = null,"
        " signed = null, refusal = null, phone = '', last_name = '', first_name = '', second_name = '',"
        " state = 'discarded' where updated_at < $1 and form <> '{}' and state not in ('queued', 'done')",
        now - KEPT,
    )


async def note(db: Connection, event: Event, found: Registration, at: datetime, patient_id: UUID | None) -> None:
    """Leave a line about what happens without a page, in the name of who has signed."""
    actor = Actor(user_id=found.user_id, client_id=found.clinic_id)
    about = audit.AuditContext(at, str(new_id()), str(event), actor)
    entry = AuditEntry(str(event), str(found.id), patient_id, {})
    await audit.write(db, about, [entry])
