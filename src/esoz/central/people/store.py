"""SQL of persons, their ways to authenticate, those who speak for them, and of who touched their records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.errors import NotFound
from esoz.kernel.spelling import plain_name, plain_number

from .model import (
    PAPERS_OF_PARENTS,
    PASSPORTS,
    Access,
    AccessLogFilter,
    AuthenticationMethod,
    ConfidantPerson,
    Document,
    Event,
    Person,
    PersonDetails,
    RelationshipDocument,
    SearchCriteria,
    last_birthday_of_adults,
)

_PERSON = tuple(Person.__dataclass_fields__)
_PERSONS = f"select {', '.join(f'p.{field}' for field in _PERSON)} from persons p"
_METHOD = tuple(AuthenticationMethod.__dataclass_fields__)


async def find_person(db: Connection, id: UUID, *, lock: bool = False) -> Person:
    """One person, active or not, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(f"{_PERSONS} where p.id = $1{' for update' if lock else ''}", id)
    if row is None:
        raise NotFound()
    return as_model(Person, row)


async def find_person_by_tax_id(db: Connection, tax_id: str) -> Person | None:
    """The active person of a tax id, or None."""
    row = await db.fetchrow(f"{_PERSONS} join person_tax_ids t on t.person_id = p.id where t.tax_id = $1", tax_id)
    return None if row is None else as_model(Person, row)


async def find_by_document(db: Connection, document: Document, birth_date: date) -> Person | None:
    """The active person born that day who has this document, the latest one, or None."""
    row = await db.fetchrow(
        f"{_PERSONS} join person_documents d on d.person_id = p.id where d.type = $1 and p.birth_date = $3"
        " and plain_number(d.number_search) = plain_number($2) and p.is_active order by p.inserted_at desc limit 1",
        document.type,
        document.number,
        birth_date,
    )
    return None if row is None else as_model(Person, row)


async def holders(db: Connection, numbers: Sequence[str]) -> list[Person]:
    """Active persons with one of these numbers: the УНЗР, or the passport of who refused the tax id."""
    rows = await db.fetch(
        f"{_PERSONS} where p.is_active and p.unzr is not null and plain_number(p.unzr) = any($1)"
        f" union {_PERSONS} join person_documents d on d.person_id = p.id"
        " where p.is_active and p.tax_id is null and d.type = any($2) and plain_number(d.number_search) = any($1)",
        [plain_number(number) for number in numbers],
        sorted(PASSPORTS),
    )
    return [as_model(Person, row) for row in rows]


async def search(db: Connection, criteria: SearchCriteria, page: Page) -> tuple[list[Person], int]:
    """Active persons that fit and how many there are in all; names compared by `plain_name`."""
    query = Query(_PERSONS).where("p.is_active").where("p.birth_date = {}", criteria.birth_date)
    for name in ("last_name", "first_name", "second_name"):
        query.where_given(f"plain_name(p.{name}) = plain_name({{}})", getattr(criteria, name))
    query.where_given("plain_name(p.birth_settlement) = plain_name({})", criteria.birth_place)
    query.where_given("p.tax_id = {}", criteria.tax_id)
    if criteria.phone_number is not None:
        query.where("p.phones @> jsonb_build_array(jsonb_build_object('number', {}::text))", criteria.phone_number)
    if criteria.birth_certificate is not None:
        query.where(
            "exists (select from person_documents d where d.person_id = p.id and d.type = 'BIRTH_CERTIFICATE'"
            " and plain_number(d.number_search) = plain_number({}))",
            criteria.birth_certificate,
        )
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(Person, row) for row in paged.rows], paged.total


async def merged(db: Connection, person_ids: Sequence[UUID]) -> Mapping[UUID, list[Row]]:
    """Records merged into these persons, by person."""
    found: dict[UUID, list[Row]] = {id: [] for id in person_ids}
    rows = await db.fetch(
        "select id, person_id, merge_person_id, inserted_at, updated_at from merged_persons"
        " where person_id = any($1) order by inserted_at, id",
        list(person_ids),
    )
    for row in rows:
        found[row["person_id"]].append(row)
    return found


async def authentication_methods(db: Connection, person_id: UUID) -> list[AuthenticationMethod]:
    """Active ways to authenticate, the oldest first."""
    rows = await db.fetch(
        f"select {', '.join(_METHOD)} from authentication_methods where person_id = $1 and is_active"
        " order by started_at, id",
        person_id,
    )
    return [as_model(AuthenticationMethod, row) for row in rows]


# Who speaks for a ward today: `relation` to the person `ward`; $1 is today, $2 the last birthday of adults.
# Of a parent, whose only paper is of the birth, it ends when the child comes of age; others keep it by their paper.
SPEAKS = f"""
    relation.is_active and (relation.active_to is null or relation.active_to >= $1)
    and (ward.birth_date > $2 or exists (
        select from jsonb_array_elements(relation.documents_relationship) paper
        where paper ->> 'type' not in ({", ".join(f"'{type}'" for type in sorted(PAPERS_OF_PARENTS))})))
"""


async def confidants(db: Connection, person_id: UUID, today: date) -> list[ConfidantPerson]:
    """Persons who may speak for this one today."""
    rows = await db.fetch(
        f"select relation_type, documents_relationship, active_to, {', '.join(f'p.{name}' for name in _PERSON)}"
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
        f"select {', '.join(f'ward.{name}' for name in _PERSON)} from persons ward"
        " join confidant_person_relationships relation on relation.person_id = ward.id"
        f" where relation.confidant_person_id = $3 and ward.is_active and {SPEAKS}"
        " order by relation.inserted_at, relation.id",
        today,
        last_birthday_of_adults(today),
        confidant_id,
    )
    return [as_model(Person, row) for row in rows]


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


async def persons(db: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Person]:
    """Several persons by their ids."""
    rows = await db.fetch(f"{_PERSONS} where p.id = any($1)", list(ids))
    return {row["id"]: as_model(Person, row) for row in rows}


async def count_phone(db: Connection, phone_number: str) -> int:
    """How many active persons authenticate with this phone (PS-12)."""
    count: int = await db.fetchval(
        "select count(distinct m.person_id) from authentication_methods m join persons p on p.id = m.person_id"
        " where m.phone_number = $1 and m.is_active and p.is_active",
        phone_number,
    )
    return count


async def lock_identity(db: Connection, details: PersonDetails) -> None:
    """One act at a time about people of these numbers, until the transaction ends."""
    numbers = {
        plain_number(number) for number in (details.tax_id, *(each.number for each in details.documents)) if number
    }
    await db.execute(
        "select pg_advisory_xact_lock(key) from (select distinct hashtextextended(name, 0) as key"
        " from unnest($1::text[]) name order by key) keys",
        [f"identity {number} {details.birth_date}" for number in sorted(numbers)],
    )


async def namesakes(db: Connection, details: PersonDetails) -> list[Person]:
    """Active persons with this tax id, or born this day with one of these documents and no other tax id (PS-17)."""
    papers = [(each.type, plain_number(each.number)) for each in details.documents]
    rows = await db.fetch(
        f"{_PERSONS} join person_tax_ids t on t.person_id = p.id where t.tax_id = $1"
        f" union {_PERSONS} join person_documents d on d.person_id = p.id"
        " join unnest($3::text[], $4::text[]) as paper (type, number) on paper.type = d.type"
        " where plain_number(d.number_search) = paper.number and p.birth_date = $2 and p.is_active"
        " and (p.tax_id is null or $1::text is null or p.tax_id = $1)",
        details.tax_id,
        details.birth_date,
        [type for type, _ in papers],
        [number for _, number in papers],
    )
    return [as_model(Person, row) for row in rows]


def _columns(person: Person) -> dict[str, object]:
    """The row of a person, without who wrote it."""
    return {field: getattr(person, field) for field in _PERSON} | {
        "status": person.status.value,
        # The release before looks for people by these columns.
        "first_name_search": plain_name(person.first_name),
        "last_name_search": plain_name(person.last_name),
        "second_name_search": None if person.second_name is None else plain_name(person.second_name),
        "birth_settlement_search": plain_name(person.birth_settlement),
    }


async def add_person(db: Connection, person: Person, by: UUID | None) -> None:
    """Write a new person with the look-up rows; raise UniqueViolationError when the tax id is taken."""
    await insert(db, "persons", **_columns(person), inserted_by=by, updated_by=by)
    await _add_numbers(db, person)


async def update_person(db: Connection, person: Person, by: UUID | None) -> None:
    """Write a person anew with the look-up rows; raise UniqueViolationError when the tax id is another's."""
    columns = _columns(person) | {"updated_by": by}
    changes = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, 1))
    await db.execute(f"update persons set {changes} where id = $1", *columns.values())
    await db.execute("delete from person_tax_ids where person_id = $1", person.id)
    await db.execute("delete from person_documents where person_id = $1", person.id)
    await _add_numbers(db, person)


async def _add_numbers(db: Connection, person: Person) -> None:
    if person.tax_id is not None:
        await insert(db, "person_tax_ids", tax_id=person.tax_id, person_id=person.id)
    for document in person.documents:
        number = plain_number(document.number)
        await insert(db, "person_documents", person_id=person.id, type=document.type, number_search=number)


async def tax_id_is_taken(db: Connection, tax_id: str) -> bool:
    found: bool = await db.fetchval("select exists (select from person_tax_ids where tax_id = $1)", tax_id)
    return found


async def add_method(db: Connection, method: AuthenticationMethod) -> None:
    """Write a new way to authenticate."""
    columns = {field: getattr(method, field) for field in _METHOD}
    await insert(db, "authentication_methods", **columns | {"type": method.type.value})


async def set_alias(db: Connection, key: tuple[UUID, UUID], alias: str | None, at: datetime, by: UUID | None) -> None:
    """Rename a method; the key is person and method."""
    await db.execute(
        "update authentication_methods set alias = $3, updated_at = $4, updated_by = $5"
        " where person_id = $1 and id = $2",
        *key,
        alias,
        at,
        by,
    )


async def end_method(db: Connection, key: tuple[UUID, UUID], at: datetime, by: UUID | None) -> None:
    """End a method; the key is person and method."""
    await db.execute(
        "update authentication_methods set is_active = false, ended_at = $3, updated_at = $3, updated_by = $4"
        " where person_id = $1 and id = $2",
        *key,
        at,
        by,
    )


async def end_methods_not_chosen(db: Connection, person_id: UUID, at: datetime, by: UUID | None) -> None:
    """Methods of who was not asked yet end when one is chosen."""
    await db.execute(
        "update authentication_methods set is_active = false, ended_at = $2, updated_at = $2, updated_by = $3"
        " where person_id = $1 and is_active and type = 'NA'",
        person_id,
        at,
        by,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A row of who speaks for whom."""

    id: UUID
    person_id: UUID
    confidant_person_id: UUID
    relation_type: str
    documents_relationship: Sequence[RelationshipDocument]
    active_to: date | None


async def add_relationship(db: Connection, relationship: Relationship, at: datetime, by: UUID | None) -> None:
    """Write a new right to speak for a person."""
    columns = {field: getattr(relationship, field) for field in Relationship.__dataclass_fields__}
    await insert(
        db, "confidant_person_relationships", **columns, inserted_at=at, inserted_by=by, updated_at=at, updated_by=by
    )


async def has_live_declaration(db: Connection, person_id: UUID, legal_entity_id: UUID, today: date) -> bool:
    """Whether the person has a doctor of this legal entity, the last day of the declaration not over."""
    found: bool = await db.fetchval(
        "select exists (select from declarations where person_id = $1 and legal_entity_id = $2 and status = 'active'"
        " and end_date >= $3)",
        person_id,
        legal_entity_id,
        today,
    )
    return found


async def is_opened_to(db: Connection, person_id: UUID, employee_ids: Sequence[UUID], now: datetime) -> bool:
    """Whether the person has opened everything of theirs to one of these employees, by an approval in force (AP-4)."""
    found: bool = await db.fetchval(
        "select exists (select from approvals where person_id = $1 and granted_to_id = any($2) and whole_patient"
        " and status = 'active' and expires_at > $3)",
        person_id,
        list(employee_ids),
        now,
    )
    return found


_ACCESS = """
select a.at, a.id, a.event, a.operation, a.resource_id, a.outcome, a.client_id as legal_entity_id,
    coalesce(e.name, c.name) as legal_entity_name,
    case when p.id is not null then concat_ws(' ', p.last_name, p.first_name, p.second_name) end as user_name,
    w.position, a.person_id is not distinct from a.patient_id as is_own
from audit_events a
    left join legal_entities e on e.id = a.client_id
    left join clients c on c.id = a.client_id
    left join party_users u on u.user_id = a.user_id
    left join parties p on p.id = u.party_id
    left join lateral (
        select position from employees
        where party_id = u.party_id and legal_entity_id = a.client_id
        order by is_active desc, inserted_at desc limit 1
    ) w on true
"""


async def accesses(
    db: Connection, patient_id: UUID, filters: AccessLogFilter, page: Page
) -> tuple[list[Access], Paged]:
    """Who touched the patient's record, the latest first, refused attempts too; looking at this list is not told."""
    query = Query(_ACCESS).where("a.patient_id = {}", patient_id)
    query.where("a.event <> {}", Event.OWN_ACCESS_LOG_READ.value)
    query.where_given("a.at >= {}", filters.start).where_given("a.at < {}", filters.end)
    query.where_given("a.event = {}", filters.event)
    paged = await query.page(db, page, order="at desc, id desc")
    return [as_model(Access, {field: row[field] for field in Access.__dataclass_fields__}) for row in paged.rows], paged


def _confidant(row: Row) -> ConfidantPerson:
    person = as_model(Person, {field: row[field] for field in _PERSON})
    papers = tuple(as_model(RelationshipDocument, paper) for paper in row["documents_relationship"])
    return ConfidantPerson(person, row["relation_type"], papers, row["active_to"])
