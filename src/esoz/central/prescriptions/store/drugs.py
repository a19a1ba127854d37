"""Rows of drugs: substances, dosages, packages, participants of programmes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model
from esoz.kernel.errors import NotFound

from ..model import Dosage, Ingredient, Medication, Participant, Strength

_INGREDIENTS = """
select i.innm_dosage_id, n.id, n.name, n.name_original, n.sctid, i.is_primary,
    i.numerator_value, i.numerator_unit, i.denumerator_value, i.denumerator_unit
from innm_dosage_ingredients i join innms n on n.id = i.innm_id
where i.innm_dosage_id = any($1::uuid[]) order by i.is_primary desc, n.sort_key, n.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The published filters of the drug search."""

    innm_id: UUID | None = None
    innm_name: str | None = None
    innm_sctid: str | None = None
    innm_dosage_form: str | None = None
    innm_dosage_id: UUID | None = None
    innm_dosage_name: str | None = None
    medication_code_atc: str | None = None
    medical_program_id: UUID | None = None
    mr_blank_type: str | None = None
    dosage_form_is_dosed: bool | None = None
    medication_request_allowed: bool | None = None
    care_plan_activity_allowed: bool | None = None


async def find_dosage(db: Connection, dosage_id: UUID) -> Dosage:
    """A dosage with its substances; raise NotFound."""
    row = await db.fetchrow("select * from innm_dosages where id = $1", dosage_id)
    if row is None:
        raise NotFound("Medication not found")
    return (await with_ingredients(db, [row]))[0]


async def with_ingredients(db: Connection, rows: Sequence[Row]) -> list[Dosage]:
    """Dosages of these rows, in their order."""
    found: dict[UUID, list[Ingredient]] = defaultdict(list)
    for row in await db.fetch(_INGREDIENTS, [row["id"] for row in rows]):
        found[row["innm_dosage_id"]].append(as_model(Ingredient, {**row, "dosage": _strength(row)}))
    return [as_model(Dosage, {**row, "ingredients": found[row["id"]]}) for row in rows]


async def search(db: Connection, page: Page, filters: Filters, *, today: date, with_packages: bool) -> Paged:
    """Active dosages with an active part in a programme; `with_packages`: by an active package of theirs (DR-5)."""
    query = Query("select d.* from innm_dosages d").where("d.is_active")
    _of_substance(query, filters)
    query.where_given("d.id = {}", filters.innm_dosage_id)
    query.where_given("d.form = {}", filters.innm_dosage_form)
    query.where_given("d.name ilike '%' || {} || '%'", filters.innm_dosage_name)
    query.where_given("d.mr_blank_type = {}", filters.mr_blank_type)
    query.where_given("d.dosage_form_is_dosed = {}", filters.dosage_form_is_dosed)
    _in_programme(query, filters, today, with_packages=with_packages)
    return await query.page(db, page, order="sort_key, id")


def _of_substance(query: Query, filters: Filters) -> None:
    part = Query("select 1 from innm_dosage_ingredients i join innms n on n.id = i.innm_id", values=query.values)
    part.where("i.innm_dosage_id = d.id")
    part.where_given("n.id = {}", filters.innm_id)
    part.where_given("n.sctid = {}", filters.innm_sctid)
    if filters.innm_name is not None:
        part.where(
            "(n.name ilike '%' || {} || '%' or n.name_original ilike '%' || {} || '%')",
            filters.innm_name,
            filters.innm_name,
        )
    if len(part.conditions) > 1:
        query.conditions.append(f"exists ({part.sql()})")


def _in_programme(query: Query, filters: Filters, today: date, *, with_packages: bool) -> None:
    part = Query(
        "select 1 from program_medications p join medical_programs g on g.id = p.medical_program_id and g.is_active"
        f" {'' if with_packages else 'left '}join medications m on m.id = p.medication_id",
        values=query.values,
    )
    part.where("p.innm_dosage_id = d.id").where("p.is_active").where("(m.id is null or m.is_active)")
    part.where("p.start_date <= {} and coalesce(p.end_date, 'infinity') >= {}", today, today)
    part.where_given("p.medical_program_id = {}", filters.medical_program_id)
    part.where_given("p.medication_request_allowed = {}", filters.medication_request_allowed)
    part.where_given("p.care_plan_activity_allowed = {}", filters.care_plan_activity_allowed)
    # A shorter code finds the whole group: J01 is every antibiotic.
    part.where_given("m.atc_groups @> array[{}]", filters.medication_code_atc)
    query.conditions.append(f"exists ({part.sql()})")


async def participants(
    db: Connection, dosage_ids: Iterable[UUID], *, today: date, programme_id: UUID | None = None
) -> list[tuple[Participant, Medication | None]]:
    """Active participations of these dosages, each with its package (None: the dosage itself takes part)."""
    query = (
        Query(_PARTICIPANTS)
        .where("p.innm_dosage_id = any({}::uuid[])", list(dosage_ids))
        .where("p.is_active and g.is_active and (m.id is null or m.is_active)")
        .where("p.start_date <= {} and coalesce(p.end_date, 'infinity') >= {}", today, today)
        .where_given("p.medical_program_id = {}", programme_id)
    )
    return [_participation(row) for row in await query.rows(db, order="m.name, m.package_qty, p.id")]


_PARTICIPANTS = """
select p.*, m.id as m_id, m.name as m_name, m.form as m_form, m.form_pharm as m_form_pharm,
    m.manufacturer_name, m.manufacturer_country, m.code_atc, m.certificates,
    m.container_numerator_value as numerator_value, m.container_numerator_unit as numerator_unit,
    m.container_denumerator_value as denumerator_value, m.container_denumerator_unit as denumerator_unit,
    m.package_qty, m.package_min_qty, m.max_request_dosage, m.drlz_sku_id, m.is_active as m_is_active
from program_medications p
join medical_programs g on g.id = p.medical_program_id
left join medications m on m.id = p.medication_id
"""


def _participation(row: Row) -> tuple[Participant, Medication | None]:
    participant = as_model(Participant, row)
    if row["m_id"] is None:
        return participant, None
    own = {name: row[f"m_{name}"] for name in ("id", "name", "form", "form_pharm", "is_active")}
    return participant, as_model(Medication, {**row, **own, "container": _strength(row)})


async def medications_of(
    db: Connection, dosage_id: UUID, medication_ids: Iterable[UUID], programme_id: UUID
) -> Mapping[UUID, tuple[Medication, Participant | None]]:
    """Packages of a dosage, active or not, each with its part in the programme."""
    rows = await db.fetch(
        """
        select m.*, m.container_numerator_value as numerator_value, m.container_numerator_unit as numerator_unit,
            m.container_denumerator_value as denumerator_value, m.container_denumerator_unit as denumerator_unit,
            to_jsonb(p) as participant
        from medications m
        left join program_medications p on p.medication_id = m.id and p.medical_program_id = $3
        where m.innm_dosage_id = $1 and m.id = any($2::uuid[])
        """,
        dosage_id,
        list(medication_ids),
        programme_id,
    )
    return {row["id"]: (_medication(row), _participant(row["participant"])) for row in rows}


def _medication(row: Row) -> Medication:
    return as_model(Medication, {**row, "container": _strength(row)})


def _participant(values: Mapping[str, object] | None) -> Participant | None:
    return None if values is None else as_model(Participant, values)


def _strength(row: Row) -> Strength:
    return Strength(row["numerator_value"], row["numerator_unit"], row["denumerator_value"], row["denumerator_unit"])


async def save_substances(db: Connection, rows: Iterable[Sequence[object]], now: datetime) -> None:
    """(id, name, name_original, sctid): new ones are added, known ones brought up to date."""
    await db.executemany(
        """
        insert into innms (id, name, name_original, sctid, inserted_at, updated_at) values ($1, $2, $3, $4, $5, $5)
        on conflict (id) do update set name = excluded.name, name_original = excluded.name_original,
            sctid = excluded.sctid, is_active = true, updated_at = excluded.updated_at
        """,
        [(*row, now) for row in rows],
    )


async def save_dosages(db: Connection, dosages: Iterable[Dosage], now: datetime) -> None:
    """Dosages with their substances; the substances must be there."""
    dosages = list(dosages)
    await db.executemany(
        """
        insert into innm_dosages (id, name, form, mr_blank_type, dosage_form_is_dosed, daily_dosage, max_daily_dosage,
            inserted_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        on conflict (id) do update set name = excluded.name, form = excluded.form,
            mr_blank_type = excluded.mr_blank_type, dosage_form_is_dosed = excluded.dosage_form_is_dosed,
            daily_dosage = excluded.daily_dosage, max_daily_dosage = excluded.max_daily_dosage,
            is_active = true, updated_at = excluded.updated_at
        """,
        [
            (
                each.id,
                each.name,
                each.form,
                each.mr_blank_type,
                each.dosage_form_is_dosed,
                each.daily_dosage,
                each.max_daily_dosage,
                now,
            )
            for each in dosages
        ],
    )
    await db.executemany(
        """
        insert into innm_dosage_ingredients (innm_dosage_id, innm_id, is_primary, numerator_value, numerator_unit,
            denumerator_value, denumerator_unit) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (innm_dosage_id, innm_id) do update set is_primary = excluded.is_primary,
            numerator_value = excluded.numerator_value, numerator_unit = excluded.numerator_unit,
            denumerator_value = excluded.denumerator_value, denumerator_unit = excluded.denumerator_unit
        """,
        [
            (
                each.id,
                part.id,
                part.is_primary,
                part.dosage.numerator_value,
                part.dosage.numerator_unit,
                part.dosage.denumerator_value,
                part.dosage.denumerator_unit,
            )
            for each in dosages
            for part in each.ingredients
        ],
    )


async def save_medications(db: Connection, medications: Iterable[Medication], now: datetime) -> None:
    """Packages; the dosages must be there."""
    names = [*(each for each in Medication.__struct_fields__ if each != "container"), "atc_groups"]
    columns = [*names, *(f"container_{name}" for name in Strength.__struct_fields__), "inserted_at", "updated_at"]
    places = ", ".join(f"${number}" for number in range(1, len(columns)))
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("id", "inserted_at"))
    await db.executemany(
        f"insert into medications ({', '.join(columns)}) values ({places}, ${len(columns) - 1})"
        f" on conflict (id) do update set {updates}",
        [
            (
                *(getattr(each, name) for name in names),
                *(getattr(each.container, name) for name in Strength.__struct_fields__),
                now,
            )
            for each in medications
        ],
    )


async def enrol(db: Connection, programme_id: UUID, code_atc: str, start: date, now: datetime) -> int:
    """Let every active package of an ATC group take part in a programme; return how many are new."""
    result: str = await db.execute(
        """
        insert into program_medications (id, medical_program_id, medication_id, innm_dosage_id, start_date,
            inserted_at, updated_at)
        select md5($1::uuid::text || id::text)::uuid, $1::uuid, id, innm_dosage_id, $3, $4, $4
        from medications where is_active and atc_groups @> array[$2::text]
        on conflict (medical_program_id, innm_dosage_id, medication_id) do nothing
        """,
        programme_id,
        code_atc,
        start,
        now,
    )
    return int(result.rsplit(" ", 1)[-1])
