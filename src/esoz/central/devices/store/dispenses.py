"""What was handed over by requests of devices: rows of the record's own table, found by the request they stand on."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from esoz.kernel.act import insert_later
from esoz.kernel.db import Connection, Row
from esoz.kernel.errors import NotFound

from ..model.dispenses import Dispense, Status

NOT_FOUND = "Device dispense not found"
_BASED_ON = "person_id = $1 and keys @> array['based_on=' || $2::text]"


async def taken(
    db: Connection, person_id: UUID, request_id: UUID, held_since: datetime, *, without: UUID | None = None
) -> tuple[Decimal, bool]:
    """How many are dispensed or held by a request, and whether any are held; what is held longer is free again."""
    row: Row = await db.fetchrow(
        f"""
        select coalesce(sum(amount), 0) as taken, coalesce(bool_or(status = 'in_progress'), false) as held from (
            select status, (select sum((detail #>> '{{quantity,value}}')::numeric)
                from jsonb_array_elements(document -> 'details') detail) as amount
            from device_dispenses where {_BASED_ON} and id is distinct from $4::uuid
                and (status = 'completed' or status = 'in_progress' and inserted_at > $3)
        ) given
        """,
        person_id,
        str(request_id),
        held_since,
        without,
    )
    return row["taken"], row["held"]


async def taken_of(
    db: Connection, person_id: UUID, request_ids: Collection[UUID], held_since: datetime
) -> Mapping[UUID, Decimal]:
    """The same for several requests of one patient, in one round trip; nothing is zero."""
    rows = await db.fetch(
        """
        select document #>> '{based_on,identifier,value}' as request_id,
            sum((detail #>> '{quantity,value}')::numeric) as taken
        from device_dispenses, jsonb_array_elements(document -> 'details') detail
        where person_id = $1 and document #>> '{based_on,identifier,value}' = any($2::text[])
            and (status = 'completed' or status = 'in_progress' and inserted_at > $3)
        group by 1
        """,
        person_id,
        [str(id) for id in request_ids],
        held_since,
    )
    return dict.fromkeys(request_ids, Decimal(0)) | {UUID(row["request_id"]): row["taken"] for row in rows}


async def gave(db: Connection, person_id: UUID, request_id: UUID, legal_entity_id: UUID) -> bool:
    """Whether a legal entity has handed anything over by a request."""
    return bool(
        await db.fetchval(
            f"select exists (select from device_dispenses where {_BASED_ON} and status = 'completed'"
            " and managing_organization_id = $3)",
            person_id,
            str(request_id),
            legal_entity_id,
        )
    )


async def exists(db: Connection, dispense_id: UUID) -> bool:
    """Whether a pharmacy has given this id to a dispense already."""
    return bool(await db.fetchval("select exists (select from device_dispense_persons where id = $1)", dispense_id))


async def take_id(db: Connection, dispense_id: UUID, person_id: UUID) -> None:
    await insert_later(db, "device_dispense_persons", id=dispense_id, person_id=person_id)


async def find(db: Connection, person_id: UUID, dispense_id: UUID, *, lock: bool = False) -> Dispense:
    """A dispense of a pharmacy to a person; `lock` holds others off until the end of the transaction. Raises NotFound.

    What was handed over in a visit stands in the same table, and is taken back with the visit.
    """
    row = await db.fetchrow(
        "select * from device_dispenses where person_id = $1 and id = $2 and encounter_id is null"
        + (" for update" if lock else ""),
        person_id,
        dispense_id,
    )
    if row is None:
        raise NotFound(NOT_FOUND)
    document = row["document"]
    return Dispense(
        id=row["id"],
        person_id=row["person_id"],
        status=Status(row["status"]),
        request_id=UUID(document["based_on"]["identifier"]["value"]),
        legal_entity_id=row["managing_organization_id"],
        document=document,
        inserted_at=row["inserted_at"],
        updated_at=row["updated_at"],
    )


async def stop_old(db: Connection, now: datetime, held_since: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Let go of what pharmacies held longer than allowed; return (id, person) of each.

    What was handed over in a visit is the visit's.
    """
    rows = await db.fetch(
        """
        with due as materialized (
            select person_id, id from device_dispenses
            where status = 'in_progress' and encounter_id is null and inserted_at <= $2
            order by inserted_at limit $3 for update skip locked
        )
        update device_dispenses set status = 'stopped', updated_at = $1,
            document = document || '{"status": "stopped"}'::jsonb
        where (person_id, id) in (select person_id, id from due) returning id, person_id
        """,
        now,
        held_since,
        limit,
    )
    return [(row["id"], row["person_id"]) for row in rows]
