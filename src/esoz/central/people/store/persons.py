"""SQL of persons, their ways to authenticate, those who speak for them, and of who touched their records."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.kernel.errors import NotFound
from esoz.kernel.spelling import plain_name, plain_number

from ..model import (
    NO_LAST_NAME,
    PASSPORTS,
    UKRAINIAN,
    Document,
    Name,
    NameSearch,
    Person,
    PersonDetails,
    SearchCriteria,
)

_MERGED_CHAIN = """
select * from (
    with recursive chain as (
        select * from merged_persons where person_id = $1
        union
        select m.* from chain join merged_persons m on m.person_id = chain.merge_person_id
    )
    select * from chain
) chain
"""
PERSON = tuple(Person.__dataclass_fields__)
PERSONS = f"select {', '.join(f'p.{field}' for field in PERSON)} from persons p"


async def find_person(db: Connection, id: UUID, *, lock: bool = False) -> Person:
    """One person, active or not, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(f"{PERSONS} where p.id = $1{' for update' if lock else ''}", id)
    if row is None:
        raise NotFound()
    return as_model(Person, row)


async def find_person_by_tax_id(db: Connection, tax_id: str) -> Person | None:
    """The active person of a tax id, or None."""
    row = await db.fetchrow(f"{PERSONS} join person_tax_ids t on t.person_id = p.id where t.tax_id = $1", tax_id)
    return None if row is None else as_model(Person, row)


async def find_by_document(db: Connection, document: Document, birth_date: date) -> Person | None:
    """The active person born that day who has this document, the latest one, or None."""
    row = await db.fetchrow(
        f"{PERSONS} join person_documents d on d.person_id = p.id where d.type = $1 and p.birth_date = $3"
        " and plain_number(d.number_search) = plain_number($2) and p.is_active order by p.inserted_at desc limit 1",
        document.type,
        document.number,
        birth_date,
    )
    return None if row is None else as_model(Person, row)


async def holders(db: Connection, numbers: Sequence[str]) -> list[Person]:
    """Active persons with one of these numbers: the УНЗР, or the passport of who refused the tax id."""
    rows = await db.fetch(
        f"{PERSONS} where p.is_active and p.unzr is not null and plain_number(p.unzr) = any($1)"
        f" union {PERSONS} join person_documents d on d.person_id = p.id"
        " where p.is_active and p.tax_id is null and d.type = any($2) and plain_number(d.number_search) = any($1)",
        [plain_number(number) for number in numbers],
        sorted(PASSPORTS),
    )
    return [as_model(Person, row) for row in rows]


async def search(db: Connection, criteria: SearchCriteria, page: Page) -> tuple[list[Person], int]:
    """Active persons that fit and how many there are in all; names compared by `plain_name`."""
    query = Query(PERSONS).where("p.is_active").where("p.birth_date = {}", criteria.birth_date)
    for name in ("last_name", "first_name", "second_name"):
        query.where_given(f"plain_name(p.{name}) = plain_name({{}})", getattr(criteria, name))
    query.where_given("plain_name(p.birth_settlement) = plain_name({})", criteria.birth_place)
    _narrow(query, criteria)
    if criteria.birth_certificate is not None:
        query.where(
            "exists (select from person_documents d where d.person_id = p.id and d.type = 'BIRTH_CERTIFICATE'"
            " and plain_number(d.number_search) = plain_number({}))",
            criteria.birth_certificate,
        )
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(Person, row) for row in paged.rows], paged.total


async def search_by_language(db: Connection, criteria: NameSearch, page: Page) -> tuple[list[Person], int]:
    """Active persons whose name in the language of the search fits, and how many there are in all."""
    other = "" if criteria.language == UKRAINIAN else " join person_names n on n.person_id = p.id"
    named = "n" if other else "p"
    query = Query(PERSONS + other).where("p.is_active").where(f"{named}.birth_date = {{}}", criteria.birth_date)
    query.where(f"{named}.{'language' if other else 'name_language'} = {{}}", criteria.language)
    for name in ("last_name", "first_name", "second_name"):
        query.where_given(f"plain_name({named}.{name}) = plain_name({{}})", getattr(criteria, name))
    _narrow(query, criteria)
    if criteria.document_type is not None or criteria.document_number is not None:
        query.where(
            "exists (select from person_documents d where d.person_id = p.id and d.type = coalesce({}::text, d.type)"
            " and plain_number(d.number_search) = coalesce(plain_number({}::text), plain_number(d.number_search)))",
            criteria.document_type,
            criteria.document_number,
        )
    paged = await query.page(db, page, order="inserted_at, id")
    return [as_model(Person, row) for row in paged.rows], paged.total


def _narrow(query: Query, criteria: SearchCriteria | NameSearch) -> None:
    query.where_given("p.tax_id = {}", criteria.tax_id)
    if criteria.phone_number is not None:
        query.where("p.phones @> jsonb_build_array(jsonb_build_object('number', {}::text))", criteria.phone_number)


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


async def merged_chain(db: Connection, person_id: UUID, page: Page, *, is_asked: bool) -> Paged:
    """Merges that end in this person: into them, into those who were merged into them, and so on."""
    query = Query(_MERGED_CHAIN, values=[person_id]).where("{}::boolean", is_asked)
    return await query.page(db, page, order="inserted_at, id")


async def persons(db: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Person]:
    """Several persons by their ids."""
    rows = await db.fetch(f"{PERSONS} where p.id = any($1)", list(ids))
    return {row["id"]: as_model(Person, row) for row in rows}


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
        f"{PERSONS} join person_tax_ids t on t.person_id = p.id where t.tax_id = $1"
        f" union {PERSONS} join person_documents d on d.person_id = p.id"
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
    return {field: getattr(person, field) for field in PERSON} | {
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
    await db.execute(
        "with names as (delete from person_names where person_id = $1),"
        " numbers as (delete from person_tax_ids where person_id = $1)"
        " delete from person_documents where person_id = $1",
        person.id,
    )
    await _add_numbers(db, person)


async def set_verification(db: Connection, person: Person, by: UUID | None) -> None:
    """Write what registers say of a person, and with it whether they live."""
    await db.execute(
        "update persons set verification_status = $2, verification_details = $3, death_date = $4, status = $5,"
        " is_active = $6, updated_at = $7, updated_by = $8 where id = $1",
        person.id,
        person.verification_status,
        dict(person.verification_details),
        person.death_date,
        person.status.value,
        person.is_active,
        person.updated_at,
        by,
    )


async def _add_numbers(db: Connection, person: Person) -> None:
    if person.tax_id is not None:
        await insert(db, "person_tax_ids", tax_id=person.tax_id, person_id=person.id)
    for name in person.names:
        if name.language != UKRAINIAN:
            await _add_name(db, person, name)
    for document in person.documents:
        number = plain_number(document.number)
        await insert(db, "person_documents", person_id=person.id, type=document.type, number_search=number)


async def _add_name(db: Connection, person: Person, name: Name) -> None:
    """A name in another language, for searches."""
    await insert(
        db,
        "person_names",
        person_id=person.id,
        language=name.language,
        birth_date=person.birth_date,
        first_name=name.first_name,
        last_name=name.last_name or NO_LAST_NAME,
        second_name=name.second_name,
    )


async def tax_id_is_taken(db: Connection, tax_id: str) -> bool:
    found: bool = await db.fetchval("select exists (select from person_tax_ids where tax_id = $1)", tax_id)
    return found


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
