"""Rows of medical programmes, and of the dosages and packages that take part in them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from esoz.central.medications import Medication, as_medication
from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, execute_many
from esoz.kernel.errors import NotFound

from .model import (
    WITHOUT_PROGRAMME,
    DrugFilter,
    Participant,
    Participation,
    Programme,
    ProgrammeFilter,
    Settings,
)

NOT_FOUND = "Medical program not found"


async def find(db: Connection, programme_id: UUID) -> Programme:
    """A programme; raise NotFound with the published text."""
    row = await db.fetchrow("select * from medical_programs where id = $1", programme_id)
    if row is None:
        raise NotFound(NOT_FOUND)
    return programme(row)


async def find_several(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Programme]:
    """Several programmes by their ids."""
    rows = await db.fetch("select * from medical_programs where id = any($1)", ids)
    return {row["id"]: programme(row) for row in rows}


async def settings_of(db: Connection, programme_id: UUID | None) -> Settings:
    """The settings of a programme as they are now; those of none when it is None."""
    return WITHOUT_PROGRAMME if programme_id is None else (await find(db, programme_id)).settings


def programme(row: Row) -> Programme:
    return as_model(Programme, row)


async def search(db: Connection, page: Page, wanted: ProgrammeFilter) -> Paged:
    """Programmes by the published filters, in the order they were made."""
    query = (
        Query("select * from medical_programs")
        .where("is_active = {}", wanted.is_active)
        .where_given("id = {}", wanted.id)
        .where_given("strpos(plain_name(name), plain_name({})) > 0", wanted.name)
        .where_given("mr_blank_type = {}", wanted.mr_blank_type)
        .where_given("type = {}", wanted.type)
    )
    return await query.page(db, page, order="inserted_at, id")


async def save(db: Connection, programme: Programme) -> None:
    """Insert a programme or bring it up to date; who made it and when stays."""
    await db.execute(
        """
        insert into medical_programs (
            id, name, type, funding_source, mr_blank_type, settings, settings_text, is_active,
            medication_request_allowed, medication_request_allowed_text,
            medication_dispense_allowed, medication_dispense_allowed_text,
            inserted_at, inserted_by, updated_at, updated_by
        ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (id) do update set
            name = excluded.name, type = excluded.type, funding_source = excluded.funding_source,
            mr_blank_type = excluded.mr_blank_type, settings = excluded.settings,
            settings_text = excluded.settings_text, is_active = excluded.is_active,
            medication_request_allowed = excluded.medication_request_allowed,
            medication_request_allowed_text = excluded.medication_request_allowed_text,
            medication_dispense_allowed = excluded.medication_dispense_allowed,
            medication_dispense_allowed_text = excluded.medication_dispense_allowed_text,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by
        """,
        programme.id,
        programme.name,
        programme.type,
        programme.funding_source,
        programme.mr_blank_type,
        msgspec.to_builtins(programme.settings),
        programme.settings_text,
        programme.is_active,
        programme.medication_request_allowed,
        programme.medication_request_allowed_text,
        programme.medication_dispense_allowed,
        programme.medication_dispense_allowed_text,
        programme.inserted_at,
        programme.inserted_by,
        programme.updated_at,
        programme.updated_by,
    )


async def end_others(db: Connection, ids: Sequence[UUID], types: Sequence[str], now: datetime) -> list[UUID]:
    """Take programmes of these types out of use that are not among `ids`; none is deleted, prescriptions name them."""
    rows = await db.fetch(
        "update medical_programs set is_active = false, updated_at = $3"
        " where is_active and type = any($2) and id <> all($1) returning id",
        list(ids),
        list(types),
        now,
    )
    return [row["id"] for row in rows]


async def search_drugs(db: Connection, page: Page, filters: DrugFilter, *, today: date, with_packages: bool) -> Paged:
    """Active dosages with an active part in a programme; `with_packages`: by an active package of theirs (DR-5)."""
    query = Query("select d.* from innm_dosages d").where("d.is_active")
    _of_substance(query, filters)
    query.where_given("d.id = {}", filters.innm_dosage_id)
    query.where_given("d.form = {}", filters.innm_dosage_form)
    query.where_given("strpos(plain_name(d.name), plain_name({})) > 0", filters.innm_dosage_name)
    query.where_given("d.mr_blank_type = {}", filters.mr_blank_type)
    query.where_given("d.dosage_form_is_dosed = {}", filters.dosage_form_is_dosed)
    _in_programme(query, filters, today, with_packages=with_packages)
    return await query.page(db, page, order="sort_key, id")


def _of_substance(query: Query, filters: DrugFilter) -> None:
    part = Query("select 1 from innm_dosage_ingredients i join innms n on n.id = i.innm_id", values=query.values)
    part.where("i.innm_dosage_id = d.id")
    part.where_given("n.id = {}", filters.innm_id)
    part.where_given("n.sctid = {}", filters.innm_sctid)
    if filters.innm_name is not None:
        part.where(
            "(strpos(plain_name(n.name), plain_name({0})) > 0"
            " or strpos(plain_name(n.name_original), plain_name({0})) > 0)",
            filters.innm_name,
        )
    if len(part.conditions) > 1:
        query.conditions.append(f"exists ({part.sql()})")


def _in_programme(query: Query, filters: DrugFilter, today: date, *, with_packages: bool) -> None:
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
) -> list[Participation]:
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


def _participation(row: Row) -> Participation:
    participant = as_model(Participant, row)
    if row["m_id"] is None:
        return participant, None
    own = {name: row[f"m_{name}"] for name in ("id", "name", "form", "form_pharm", "is_active")}
    return participant, as_medication({**row, **own})


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
    return {row["id"]: (as_medication(row), _participant(row["participant"])) for row in rows}


def _participant(values: Mapping[str, object] | None) -> Participant | None:
    return None if values is None else as_model(Participant, values)


async def enrol(db: Connection, programme_id: UUID, code_atc: str, start: date, now: datetime) -> int:
    """Let active packages of an ATC group take part that are prescribed on the programme's blank; how many are new."""
    result: str = await db.execute(
        """
        insert into program_medications (id, medical_program_id, medication_id, innm_dosage_id, start_date,
            inserted_at, updated_at)
        select md5($1::uuid::text || m.id::text)::uuid, $1::uuid, m.id, m.innm_dosage_id, $3, $4, $4
        from medications m join innm_dosages d on d.id = m.innm_dosage_id
        join medical_programs g on g.id = $1 and g.mr_blank_type = d.mr_blank_type
        where m.is_active and m.atc_groups @> array[$2::text]
        on conflict (medical_program_id, innm_dosage_id, medication_id) do nothing
        """,
        programme_id,
        code_atc,
        start,
        now,
    )
    return int(result.rsplit(" ", 1)[-1])


async def dosages_of(db: Connection, medication_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The dosage of each package among these."""
    rows = await db.fetch("select id, innm_dosage_id from medications where id = any($1)", list(set(medication_ids)))
    return {row["id"]: row["innm_dosage_id"] for row in rows}


async def priced(db: Connection, programme_ids: Iterable[UUID]) -> dict[UUID, Participant]:
    """Every package that takes or took part in these programmes, by the id of its place."""
    rows = await db.fetch(
        "select * from program_medications where medical_program_id = any($1) and medication_id is not null",
        list(set(programme_ids)),
    )
    return {row["id"]: as_model(Participant, row) for row in rows}


async def save_participants(db: Connection, participants: Iterable[Participant], now: datetime) -> None:
    """Places of packages in programmes: new ones are added, known ones brought up to date."""
    names = Participant.__struct_fields__
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    updates = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    await execute_many(
        db,
        f"insert into program_medications ({', '.join(names)}, inserted_at, updated_at)"
        f" values ({places}, ${len(names) + 1}, ${len(names) + 1})"
        f" on conflict (id) do update set {updates}, updated_at = excluded.updated_at",
        [(*(getattr(each, name) for name in names), now) for each in participants],
    )
