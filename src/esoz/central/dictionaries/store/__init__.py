"""SQL of dictionaries and addresses."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert_many
from esoz.kernel.errors import NotFound
from esoz.kernel.spelling import plain_name

from ..model import PATTERNS, AddressFilter, ByPattern, Dictionary, DictionaryFilter, ImportCounts, Settlement, Value


async def version(db: Connection) -> int:
    """The number that grows with every change of a dictionary."""
    number: int = await db.fetchval("select version from dictionaries_version")
    return number


async def state(db: Connection) -> str:
    """The same as long as no dictionary has changed; another one after a restore of an older state, too."""
    text: str = await db.fetchval("select format('%s.%s', version, xmin) from dictionaries_version")
    return text


async def everything(db: Connection) -> tuple[dict[str, frozenset[str]], dict[str, dict[str, str]]]:
    """Codes in use of active dictionaries, and words of all codes, by the name of the dictionary.

    Those known in part are told by the form of their codes; without a known form they are left out.
    """
    descriptions: dict[str, dict[str, str]] = {}
    codes: dict[str, set[str]] = {}
    listed = await db.fetch("select name, is_partial from dictionaries where is_active")
    partial = {row["name"] for row in listed if row["is_partial"]}
    checked = {row["name"] for row in listed} - (partial - PATTERNS.keys())
    for row in await db.fetch("select dictionary_name, code, description, is_active from dictionary_values"):
        name = row["dictionary_name"]
        descriptions.setdefault(name, {})[row["code"]] = row["description"]
        if name in checked:
            in_use = codes.setdefault(name, set())
            if row["is_active"]:
                in_use.add(row["code"])
    sets = {
        name: ByPattern(found, PATTERNS[name]) if name in partial else frozenset(found) for name, found in codes.items()
    }
    return sets, descriptions


async def dictionaries(db: Connection, filters: DictionaryFilter) -> list[Dictionary]:
    """Dictionaries in the order of names."""
    rows = await (
        Query("select name, description, labels, is_active from dictionaries")
        .where_given("name = {}", filters.name)
        .where_given("is_active = {}", filters.is_active)
        .rows(db, order="name")
    )
    return [as_model(Dictionary, row) for row in rows]


async def values(db: Connection, names: Sequence[str], filters: DictionaryFilter) -> Mapping[str, list[Value]]:
    """Values by the name of their dictionary, in their published order."""
    rows = await (
        Query("select dictionary_name, code, parent_code, description, is_active from dictionary_values")
        .where("dictionary_name = any({})", list(names))
        .where_given("code = {}", filters.value_code)
        .where_given("plain_name(description) like {}", _part(filters.value_description))
        .where_given("is_active = {}", filters.value_is_active)
        .rows(db, order="dictionary_name, position")
    )
    found: dict[str, list[Value]] = {name: [] for name in names}
    for row in rows:
        value = Value(row["code"], row["description"], row["is_active"], row["parent_code"])
        found[row["dictionary_name"]].append(value)
    return found


_SAVE_DICTIONARY = """
insert into dictionaries (name, description, labels, is_active, is_partial) values ($1, $2, $3, $4, $5)
on conflict (name) do update set description = excluded.description, labels = excluded.labels,
    is_active = excluded.is_active, is_partial = excluded.is_partial
"""
_SAVE_VALUES = """
insert into dictionary_values (dictionary_name, code, parent_code, description, is_active, position)
select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::int[])
on conflict (dictionary_name, code) do update set parent_code = excluded.parent_code,
    description = excluded.description, is_active = excluded.is_active, position = excluded.position
"""


async def save_dictionary(
    db: Connection, dictionary: Dictionary, values: Sequence[Value], *, is_partial: bool
) -> ImportCounts:
    """Write a dictionary with its values: new codes are added, known ones changed, missing ones go out of use."""
    name, labels = dictionary.name, list(dictionary.labels)
    await db.execute(_SAVE_DICTIONARY, name, dictionary.description, labels, dictionary.is_active, is_partial)
    done, gone = await _difference(db, name, values)
    if done == ImportCounts() and not await _is_reordered(db, name, [value.code for value in values]):
        return done
    codes = [value.code for value in values]
    parents, descriptions = [value.parent_code for value in values], [value.description for value in values]
    active, positions = [value.is_active for value in values], list(range(len(values)))
    await db.execute(_SAVE_VALUES, name, codes, parents, descriptions, active, positions)
    if gone:
        await db.execute(
            "update dictionary_values set is_active = false where dictionary_name = $1 and code = any($2)", name, gone
        )
    return done


async def _difference(db: Connection, name: str, values: Sequence[Value]) -> tuple[ImportCounts, Sequence[str]]:
    """What writing these values will change, and the codes that go out of use."""
    rows = await db.fetch(
        "select code, parent_code, description, is_active from dictionary_values where dictionary_name = $1", name
    )
    kept = {row["code"]: Value(row["code"], row["description"], row["is_active"], row["parent_code"]) for row in rows}
    new = {value.code for value in values}
    gone = [value.code for value in kept.values() if value.is_active and value.code not in new]
    changed = sum(value.code in kept and kept[value.code] != value for value in values)
    return ImportCounts(added=len(new - kept.keys()), changed=changed, removed=len(gone)), gone


async def _is_reordered(db: Connection, name: str, codes: Sequence[str]) -> bool:
    rows = await db.fetch(
        "select code from dictionary_values where dictionary_name = $1 and code = any($2) order by position",
        name,
        list(codes),
    )
    return [row["code"] for row in rows] != list(codes)


async def regions(db: Connection, filters: AddressFilter, page: Page) -> Paged:
    """Regions in the order of the alphabet."""
    query = Query("select id, code, name, name_key from regions")
    return await _named(query, "", filters).page(db, page, order="name_key, id")


async def districts(db: Connection, filters: AddressFilter, page: Page) -> Paged:
    """Districts with the names of their regions."""
    query = Query(
        "select d.id, d.code, d.name, d.name_key, d.region_id, r.name as region"
        " from districts d join regions r on r.id = d.region_id"
    )
    query.where_given("d.region_id = {}", filters.region_id).where_given(
        "plain_name(r.name) like {}", _part(filters.region)
    )
    return await _named(query, "d.", filters).page(db, page, order="name_key, id")


_SETTLEMENTS = """
select s.id, s.code, s.name, s.name_key, s.type, s.mountain_group, s.region_id, r.name as region, s.district_id,
    d.name as district, s.parent_id, p.name as parent
from settlements s join regions r on r.id = s.region_id left join districts d on d.id = s.district_id
    left join settlements p on p.id = s.parent_id
"""


async def settlements(db: Connection, filters: AddressFilter, page: Page) -> Paged:
    """Settlements with the names above them."""
    query = Query(_SETTLEMENTS)
    query.where_given("plain_name(r.name) like {}", _part(filters.region))
    query.where_given("plain_name(d.name) like {}", _part(filters.district))
    query.where_given("s.district_id = {}", filters.district_id).where_given("s.type = {}", filters.type)
    query.where_given("s.mountain_group = {}", filters.mountain_group)
    return await _named(query, "s.", filters).page(db, page, order="name_key, id")


async def settlement(db: Connection, id: UUID) -> Row:
    """One settlement; raise NotFound."""
    row: Row | None = await db.fetchrow(Query(_SETTLEMENTS).where("s.id = {}", id).sql(), id)
    if row is None:
        raise NotFound()
    return row


async def find_settlement(db: Connection, settlement_id: UUID) -> Settlement | None:
    """A settlement as far as addresses are compared with it, or None."""
    row = await db.fetchrow(
        "select s.id, s.name, s.type, r.name as region, d.name as district from settlements s"
        " join regions r on r.id = s.region_id left join districts d on d.id = s.district_id where s.id = $1",
        settlement_id,
    )
    return None if row is None else as_model(Settlement, row)


async def streets(db: Connection, settlement_id: UUID, filters: AddressFilter, page: Page) -> Paged:
    """Streets of a settlement; an old name finds the street too (AD-4)."""
    query = Query(
        "select t.id, t.type, t.name, t.name_key, t.aliases, s.name as settlement"
        " from streets t join settlements s on s.id = t.settlement_id"
    )
    query.where("t.settlement_id = {}", settlement_id).where_given("t.type = {}", filters.type)
    part = _part(filters.name)
    if part is not None:
        query.where(
            "(plain_name(t.name) like {} or exists (select from unnest(t.aliases) a where plain_name(a) like {}))",
            part,
            part,
        )
    return await query.page(db, page, order="name_key, id")


async def has_region(db: Connection, id: UUID) -> bool:
    found: bool = await db.fetchval("select exists (select from regions where id = $1)", id)
    return found


async def has_district(db: Connection, id: UUID) -> bool:
    found: bool = await db.fetchval("select exists (select from districts where id = $1)", id)
    return found


async def save_places(db: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Add and rename places by their code through a temporary table; return how many rows were given."""
    listed = list(rows)
    names = ", ".join(columns)
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("id", "code"))
    like = f"like {table} including generated including defaults"
    await db.execute(f"create temporary table new_places ({like}) on commit drop")
    await insert_many(db, "new_places", columns, listed)
    await db.execute(
        f"insert into {table} ({names}) select {names} from new_places on conflict (code) do update set {changes}"
    )
    await db.execute("drop table new_places")
    return len(listed)


def _named(query: Query, prefix: str, filters: AddressFilter) -> Query:
    query.where_given(f"plain_name({prefix}name) like {{}}", _part(filters.name))
    return query.where_given(
        f"{prefix}code like {{}}", None if filters.code is None else _escaped(filters.code.upper()) + "%"
    )


def _part(text: str | None) -> str | None:
    return None if text is None else f"%{_escaped(plain_name(text))}%"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
