"""SQL of doctors who can be chosen, and of the copies of the registers they come from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, as_model, execute_many

from .model import Around, Centre, Doctor, Search

_DOCTOR = """
select d.id, d.place_id, p.last_name, p.first_name, p.second_name, p.name_order, d.speciality, d.position,
    c.name as clinic, v.name as place, v.address, v.phones, v.hours, l.most - l.taken as free
"""
_JOINS = """
from doctors d join practitioners p on p.id = d.practitioner_id join clinics c on c.id = d.clinic_id
    join places v on v.id = d.place_id left join loads l on l.practitioner_id = d.practitioner_id
"""
_ACTING = "d.acts and c.acts and v.acts"
# Kilometres on the ball of the earth (haversine): {} is latitude, latitude and longitude of the middle.
_DISTANCE = """
12742 * asin(least(1, sqrt(power(sin(radians(v.latitude - {0}) / 2), 2)
    + cos(radians({0})) * cos(radians(v.latitude)) * power(sin(radians(v.longitude - {1}) / 2), 2))))
"""
_DEGREE = 111.0  # kilometres of one degree of latitude
_NARROWEST = 0.6  # cosine of 53 degrees, north of the country: a degree of longitude is nowhere narrower


async def doctors(db: Connection, search: Search, page: Page) -> Paged:
    """Doctors who fit: those with free places first, the nearest first, by the alphabet."""
    query = Query("")
    query.where(_ACTING).where("d.speciality = any({})", [str(each) for each in search.specialities])
    for word in search.key.split():
        query.where("strpos(' ' || p.name_key || ' ' || c.name_key || ' ' || v.name_key, {}) > 0", f" {word}")
    if search.only_free:
        query.where("(l.most is null or l.taken < l.most)")
    distance = _around(query, search)
    query.select = f"{_DOCTOR}, {distance} as distance, coalesce(l.taken >= l.most, false) as is_full {_JOINS}"
    found = await query.page(db, page, order="is_full, distance nulls last, name_order, id")
    return Paged([as_model(Doctor, row) for row in found.rows], found.page, found.total)


def _around(query: Query, search: Search) -> str:
    """Narrow to the surroundings; the expression of the distance, null where it does not count."""
    centre = search.centre
    if centre is None:
        return "null::double precision"
    if search.around is Around.DISTRICT:
        query.where("v.district_key = {}", centre.district_key)
    elif search.around.kilometres is None or not centre.is_on_the_map:
        query.where("v.settlement_id = {}", centre.settlement_id)
    if not centre.is_on_the_map or search.around is Around.HERE:
        return "null::double precision"
    assert centre.latitude is not None and centre.longitude is not None
    query.values += [centre.latitude, centre.longitude]
    distance = _DISTANCE.format(f"${len(query.values) - 1}", f"${len(query.values)}")
    if (most := search.around.kilometres) is not None:
        height, width = most / _DEGREE, most / _DEGREE / _NARROWEST
        near = "v.latitude between {} and {} and v.longitude between {} and {}"
        edges = (centre.latitude - height, centre.latitude + height, centre.longitude - width, centre.longitude + width)
        # A clinic of the settlement itself is shown, wherever its point on the map is, or without one.
        query.where(f"(v.settlement_id = {{}} or {near} and {distance} <= {{}})", centre.settlement_id, *edges, most)
    return distance


async def doctor(db: Connection, id: UUID) -> Doctor | None:
    """One doctor who can be chosen; None for anybody else."""
    row = await db.fetchrow(f"{_DOCTOR} {_JOINS} where {_ACTING} and d.id = $1", id)
    return None if row is None else as_model(Doctor, row)


async def settlements(db: Connection, key: str, limit: int) -> Sequence[Centre]:
    """Settlements with a place where doctors receive, whose name begins so; the largest first."""
    pattern = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = await db.fetch(
        "select settlement_id, (array_agg(address order by id))[1] as address, min(district_key) as district_key"
        f" from places v where acts and settlement_id <> '' and settlement_key like $1 and {_HAS_DOCTORS}"
        " group by settlement_id order by count(*) desc, settlement_id limit $2",
        f"{pattern}%",
        limit,
    )
    return [as_model(Centre, row) for row in rows]


_HAS_DOCTORS = """
exists (select from doctors d join clinics c on c.id = d.clinic_id where d.place_id = v.id and d.acts and c.acts)
"""


async def centre(db: Connection, settlement_id: str) -> Centre | None:
    """A settlement with the middle of its places on the map; None when nobody receives there."""
    row = await db.fetchrow(
        "select settlement_id, (array_agg(address order by id))[1] as address, min(district_key) as district_key,"
        " avg(latitude) filter (where longitude is not null) as latitude,"
        " avg(longitude) filter (where latitude is not null) as longitude"
        " from places where acts and settlement_id = $1 and settlement_id <> '' group by settlement_id",
        settlement_id,
    )
    return None if row is None else as_model(Centre, row)


async def claim(db: Connection, name: str, now: datetime, until: datetime) -> tuple[bool, datetime | None]:
    """Whether it is our turn to read a register, and up to when its changes are here; nobody else's until then."""
    row = await db.fetchrow(
        "update registers set due_at = $3 where name = $1 and due_at <= $2 returning read_at", name, now, until
    )
    return (False, None) if row is None else (True, row["read_at"])


async def save(db: Connection, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows of a register over what was there; names of table and columns come from our own code."""
    if not rows:
        return
    names = list(rows[0])
    values = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    changes = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    await execute_many(
        db,
        f"insert into {table} ({', '.join(names)}) values ({values}) on conflict ({names[0]}) do update set {changes}",
        [list(row.values()) for row in rows],
    )


async def note_read(db: Connection, name: str, read_at: datetime | None, due_at: datetime) -> None:
    """A register was read up to a moment; None when it was not, and is tried again when it is due."""
    await db.execute(
        "update registers set read_at = coalesce($2, read_at), due_at = $3 where name = $1", name, read_at, due_at
    )


async def is_filled(db: Connection) -> bool:
    """Have all registers been read once: before that nobody can be found, and it is not said that there is nobody."""
    filled: bool = await db.fetchval("select not exists (select from registers where read_at is null)")
    return filled
