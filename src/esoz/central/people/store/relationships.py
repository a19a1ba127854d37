"""SQL of who speaks for whom."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert

from ..model import (
    PAPERS_OF_PARENTS,
    ConfidantPerson,
    Person,
    Relationship,
    RelationshipDocument,
    Ward,
    last_birthday_of_adults,
    last_day_of,
)
from .persons import PERSON

MOST_WARDS = 100  # rights of one person: an orphanage's director has more papers than a family
# Who speaks for a ward today: `relation` to the person `ward`; $1 is today, $2 the last birthday of adults.
# Who died or was merged away speaks for nobody: the telephone may be a stranger's by now.
# Of a parent, whose only paper is of the birth, it ends when the child comes of age; others keep it by their paper.
SPEAKS = f"""
    relation.is_active and (relation.active_to is null or relation.active_to >= $1)
    and exists (select from persons speaker where speaker.id = relation.confidant_person_id and speaker.is_active)
    and (ward.birth_date > $2 or exists (
        select from jsonb_array_elements(relation.documents_relationship) paper
        where paper ->> 'type' not in ({", ".join(f"'{type}'" for type in sorted(PAPERS_OF_PARENTS))})))
"""


async def confidants(db: Connection, person_id: UUID, today: date) -> list[ConfidantPerson]:
    """Persons who may speak for this one today."""
    rows = await db.fetch(
        f"select relation_type, documents_relationship, active_to, {', '.join(f'p.{name}' for name in PERSON)}"
        " from confidant_person_relationships relation join persons p on p.id = relation.confidant_person_id"
        f" join persons ward on ward.id = relation.person_id where relation.person_id = $3 and {SPEAKS}"
        " order by relation.inserted_at, relation.id",
        today,
        last_birthday_of_adults(today),
        person_id,
    )
    return [_confidant(row) for row in rows]


async def represented_by(db: Connection, confidant_id: UUID, today: date) -> list[Person]:
    """Active persons for whom this one may speak today."""
    rows = await db.fetch(
        f"select {', '.join(f'ward.{name}' for name in PERSON)} from persons ward"
        " join confidant_person_relationships relation on relation.person_id = ward.id"
        f" where relation.confidant_person_id = $3 and ward.is_active and {SPEAKS}"
        " order by relation.inserted_at, relation.id",
        today,
        last_birthday_of_adults(today),
        confidant_id,
    )
    return [as_model(Person, row) for row in rows]


async def wards(db: Connection, confidant_id: UUID, today: date) -> list[Ward]:
    """The same with the right to speak for each; of several rights the one that lasts longest."""
    rows = await db.fetch(
        f"select relation_type, documents_relationship, active_to, {', '.join(f'ward.{name}' for name in PERSON)}"
        " from persons ward join confidant_person_relationships relation on relation.person_id = ward.id"
        f" where relation.confidant_person_id = $3 and ward.is_active and {SPEAKS}"
        " order by ward.birth_date, ward.id limit $4",
        today,
        last_birthday_of_adults(today),
        confidant_id,
        MOST_WARDS,
    )
    found: dict[UUID, Ward] = {}
    for row in rows:
        confidant = _confidant(row)
        day = last_day_of(confidant.documents_relationship, confidant.active_to, confidant.person.birth_date)
        ward = Ward(confidant.person, confidant.relation_type, day)
        known = found.setdefault(ward.person.id, ward)
        if known.last_day is not None and (day is None or day > known.last_day):
            found[ward.person.id] = ward
    return list(found.values())


async def speaks_for(db: Connection, confidant_id: UUID, ward_id: UUID, today: date) -> bool:
    """Whether the one may speak for the other today."""
    found: bool = await db.fetchval(
        "select exists (select from persons ward join confidant_person_relationships relation"
        f" on relation.person_id = ward.id where ward.id = $4 and relation.confidant_person_id = $3 and {SPEAKS})",
        today,
        last_birthday_of_adults(today),
        confidant_id,
        ward_id,
    )
    return found


_COLUMNS = tuple(Relationship.__dataclass_fields__)


async def add_relationship(db: Connection, relationship: Relationship, at: datetime, by: UUID | None) -> None:
    """Write a new right to speak for a person."""
    columns = {field: getattr(relationship, field) for field in _COLUMNS}
    await insert(
        db, "confidant_person_relationships", **columns, inserted_at=at, inserted_by=by, updated_at=at, updated_by=by
    )


async def renew_relationship(
    db: Connection,
    key: tuple[UUID, UUID],
    documents: Sequence[RelationshipDocument],
    active_to: date | None,
    changed: tuple[datetime, UUID | None],
) -> None:
    """A right has other papers, which no register has confirmed; the key is person and relationship."""
    await db.execute(
        "update confidant_person_relationships set documents_relationship = $3, active_to = $4,"
        " verification_status = 'VERIFICATION_NEEDED', verification_reason = 'MANUAL_CREATED_BY_DOCTOR',"
        " updated_at = $5, updated_by = $6 where person_id = $1 and id = $2",
        *key,
        msgspec.to_builtins(list(documents)),
        active_to,
        *changed,
    )


async def end_relationship(db: Connection, key: tuple[UUID, UUID], at: datetime, by: UUID | None) -> None:
    """Nobody speaks by this right any more; the key is person and relationship."""
    await db.execute(
        "update confidant_person_relationships set is_active = false, updated_at = $3, updated_by = $4"
        " where person_id = $1 and id = $2",
        *key,
        at,
        by,
    )


async def relationships(db: Connection, person_id: UUID) -> list[Relationship]:
    """The rights to speak for a person that nobody has ended, those whose last day is over too."""
    rows = await db.fetch(
        f"select {', '.join(_COLUMNS)} from confidant_person_relationships where person_id = $1 and is_active"
        " order by inserted_at, id",
        person_id,
    )
    return [as_model(Relationship, row) for row in rows]


async def relationships_page(
    db: Connection, person_id: UUID, page: Page, *, is_expired: bool | None, today: date
) -> tuple[list[Relationship], Paged]:
    """A page of the same; `is_expired` asks for those whose last day is over, or for the others."""
    query = Query(f"select {', '.join(_COLUMNS)}, inserted_at from confidant_person_relationships")
    query.where("person_id = {} and is_active", person_id)
    if is_expired is not None:
        query.where("(active_to is not null and active_to < {}) = {}", today, is_expired)
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(Relationship, {name: row[name] for name in _COLUMNS}) for row in paged.rows], paged


def _confidant(row: Row) -> ConfidantPerson:
    person = as_model(Person, {field: row[field] for field in PERSON})
    papers = tuple(as_model(RelationshipDocument, paper) for paper in row["documents_relationship"])
    return ConfidantPerson(person, row["relation_type"], papers, row["active_to"])
