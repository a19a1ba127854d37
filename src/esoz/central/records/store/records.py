"""SQL of encounters and of every kind of record made in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, Row
from esoz.kernel.errors import NotFound
from esoz.kernel.fhir import CodeableConcept

from ..model import ENCOUNTERS, ENTITIES, Kind
from ..model.cancellation import KeptRecord, SentRecord
from ..model.kinds import DEVICE_DISPENSES, ENTERED_IN_ERROR
from ..model.reference_data import StoredRecord
from .filters import NEWEST_FIRST, of_clinic, of_kind


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be stored: its document and the columns it is found by; `keys` are `parameter=value`."""

    id: UUID
    status: str
    codes: Sequence[str]
    keys: Sequence[str]
    dated_at: datetime | None
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ownership:
    """What all records of one package share; records made outside an encounter have no encounter and no episode."""

    person_id: UUID
    encounter_id: UUID | None
    episode_id: UUID | None
    managing_organization_id: UUID
    now: datetime


async def records(
    db: Connection, kind: Kind, person_id: UUID, filters: Mapping[str, object], page: Page, *, order: str
) -> Paged:
    """One page of a patient's records of one kind."""
    return await of_kind(kind, person_id, filters).page(db, page, order=order)


async def summary(
    db: Connection,
    kind: Kind,
    person_id: UUID,
    filters: Mapping[str, object],
    page: Page,
    *,
    codes: Collection[str] | None,
) -> Paged:
    """One page of records not entered in error; only those with one of `codes` unless it is None."""
    query = _only_shown(of_kind(kind, person_id, filters), codes)
    return await query.page(db, page, order=NEWEST_FIRST)


async def find_in_summary(
    db: Connection, kind: Kind, person_id: UUID, id: UUID, *, codes: Collection[str] | None
) -> Row:
    """One record that the summary shows; raise NotFound."""
    query = _only_shown(of_kind(kind, person_id, {}).where("id = {}", id), codes)
    return _only(await query.rows(db), kind)


def _only_shown(query: Query, codes: Collection[str] | None) -> Query:
    shown = query.where("status <> {}", ENTERED_IN_ERROR)
    return shown.where_given("codes && {}::text[]", None if codes is None else sorted(codes))


async def find_record(
    db: Connection, kind: Kind, person_id: UUID, id: UUID, *, episode_id: UUID | None = None
) -> Row | None:
    """One record of a patient, in the context of an episode when it is given; None when there is none."""
    query = of_kind(kind, person_id, {"episode_id": episode_id}).where("id = {}", id)
    rows = await query.rows(db)
    return rows[0] if rows else None


_MADE_IN = "\nunion all ".join(
    f"select '{kind.name}' as kind, id, document, inserted_at, updated_at from {kind.name}"
    " where person_id = $1 and encounter_id = $2"
    for kind in ENTITIES
)


async def made_in(db: Connection, person_id: UUID, encounter_id: UUID) -> Mapping[str, Sequence[Row]]:
    """All records of an encounter by kind, in one round trip; a kind without any is not there."""
    found: dict[str, list[Row]] = {}
    for row in await db.fetch(f"select * from ({_MADE_IN}) made order by inserted_at, id", person_id, encounter_id):
        found.setdefault(row["kind"], []).append(row)
    return found


async def find_encounter(db: Connection, person_id: UUID, encounter_id: UUID) -> Row:
    """The row of an encounter; raise NotFound."""
    query = of_kind(ENCOUNTERS, person_id, {}).where("id = {}", encounter_id)
    return _only(await query.rows(db), ENCOUNTERS)


def _only(rows: Sequence[Row], kind: Kind) -> Row:
    if not rows:
        raise NotFound(f"{kind.title} not found")
    return rows[0]


def _known(kind: Kind) -> str:
    code = kind.code.split(".", maxsplit=1)[0]
    return (
        f"union all select '{kind.name}', id, status, document -> '{code}' from {kind.name}"
        " where person_id = $1 and id = any($2)"
    )


# What is stored already of everything a package names, in one round trip.
_KNOWN = "\n".join(
    (
        "select 'visits' as kind, id, '' as status, null::jsonb as code "
        "from visits where person_id = $1 and id = any($2)",
        *(_known(kind) for kind in (ENCOUNTERS, *ENTITIES)),
    )
)


async def known(db: Connection, person_id: UUID, ids: Collection[UUID]) -> Mapping[str, Mapping[UUID, StoredRecord]]:
    """Which of `ids` are stored for this patient, by kind."""
    found: dict[str, dict[UUID, StoredRecord]] = {
        name: {} for name in ("visits", *(k.name for k in (ENCOUNTERS, *ENTITIES)))
    }
    for row in await db.fetch(_KNOWN, person_id, list(ids)):
        found[row["kind"]][row["id"]] = _stored(row["code"], row["status"])
    return found


def _stored(code: Any, status: str) -> StoredRecord:
    # The meaning of a record is a concept, or a reference with the words that it got when it was stored.
    if not isinstance(code, dict):
        return StoredRecord(CodeableConcept(), status)
    return StoredRecord(msgspec.convert(code, CodeableConcept), status, code.get("display_value", ""))


async def kept(
    db: Connection, person_id: UUID, ids: Mapping[Kind, Collection[UUID]]
) -> Mapping[Kind, Mapping[UUID, KeptRecord]]:
    """The stored records of this patient among `ids`, by kind."""
    found: dict[Kind, dict[UUID, KeptRecord]] = {}
    for kind, wanted in ids.items():
        column = "id" if kind is ENCOUNTERS else "encounter_id"
        rows = await db.fetch(
            f"select id, status, document, {column} as encounter_id from {kind.name}"
            " where person_id = $1 and id = any($2)",
            person_id,
            list(wanted),
        )
        found[kind] = {row["id"]: KeptRecord(row["document"], row["status"], row["encounter_id"]) for row in rows}
    return found


async def take_back(
    db: Connection, person_id: UUID, sent: SentRecord, explanation: Mapping[str, Any], now: datetime
) -> None:
    """CN-4, CN-7: a record is entered in error; what was told of it is kept with it."""
    await db.execute(
        f"update {sent.kind.name} set status = $3, updated_at = $5, document = document || $4"
        " where person_id = $1 and id = $2",
        person_id,
        sent.id,
        ENTERED_IN_ERROR,
        {**explanation, sent.kind.status: ENTERED_IN_ERROR},
        now,
    )


async def create_encounter(db: Connection, **columns: object) -> None:
    await insert_later(db, "encounters", **columns)


async def create_entries(
    db: Connection, kind: Kind, common: Ownership, entries: Sequence[Entry], *, signed_document: str | None = None
) -> None:
    """Store all records of one kind."""
    if not entries:
        return
    await write_later(
        db,
        f"insert into {kind.name} (person_id, encounter_id, episode_id, managing_organization_id, inserted_at,"
        " updated_at, signed_document, id, status, codes, keys, dated_at, document)"
        " select $1, $2, $3, $4, $5, $5, $7, id, status, codes, keys, dated_at, document from jsonb_to_recordset($6)"
        " as new (id uuid, status text, codes text[], keys text[], dated_at timestamptz, document jsonb)",
        common.person_id,
        common.encounter_id,
        common.episode_id,
        common.managing_organization_id,
        common.now,
        entries,
        signed_document,
    )


async def change_dispense(
    db: Connection,
    person_id: UUID,
    document: Mapping[str, Any],
    told: tuple[datetime | None, str | None],
    now: datetime,
) -> None:
    """Store the new state of a dispense; `told`: when it was handed over, the signed document that says so."""
    dated_at, signed_document = told
    await write_later(
        db,
        "update device_dispenses set status = $3, document = $4, dated_at = $5,"
        " signed_document = coalesce($6, signed_document), updated_at = $7 where person_id = $1 and id = $2",
        person_id,
        UUID(document["id"]),
        document["status"],
        document,
        dated_at,
        signed_document,
        now,
    )


async def dispenses_of_clinic(
    db: Connection, legal_entity_id: UUID, filters: Mapping[str, object], page: Page
) -> Paged:
    """One page of what a legal entity has handed over, to whomever."""
    return await of_clinic(DEVICE_DISPENSES, legal_entity_id, filters).page(db, page, order=NEWEST_FIRST)


async def append_reaction(
    db: Connection, person_id: UUID, immunization_id: UUID, reaction: Mapping[str, Any], now: datetime
) -> None:
    """CE-5: the observation of a reaction is told by the immunization that caused it."""
    await db.execute(
        """
        update immunizations set updated_at = $4, document = jsonb_set(
            document, '{reactions}', coalesce(document -> 'reactions', '[]'::jsonb) || jsonb_build_array($3::jsonb))
        where person_id = $1 and id = $2
        """,
        person_id,
        immunization_id,
        reaction,
        now,
    )


async def claim_specimens(db: Connection, person_id: UUID, numbers: Mapping[str, UUID]) -> list[str]:
    """Keep numbers of containers for these specimens; return those that are taken in the country."""
    taken = await db.fetch(
        """
        with new as (select * from unnest($2::text[], $3::uuid[]) as new (number, specimen_id)),
        kept as (insert into specimen_numbers (number, person_id, specimen_id)
            select number, $1, specimen_id from new on conflict do nothing returning number)
        select number from new except select number from kept order by number
        """,
        person_id,
        list(numbers),
        list(numbers.values()),
    )
    return [row["number"] for row in taken]
