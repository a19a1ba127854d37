"""Rows of drugs: substances, dosages, packages."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection, Row, as_model, execute_many
from esoz.kernel.errors import NotFound

from .model import Dosage, Ingredient, Medication, Strength

_INGREDIENTS = """
select i.innm_dosage_id, n.id, n.name, n.name_original, n.sctid, i.is_primary,
    i.numerator_value, i.numerator_unit, i.denumerator_value, i.denumerator_unit
from innm_dosage_ingredients i join innms n on n.id = i.innm_id
where i.innm_dosage_id = any($1::uuid[]) order by i.is_primary desc, n.sort_key, n.id
"""


async def find_dosage(db: Connection, dosage_id: UUID) -> Dosage:
    """A dosage with its substances; raise NotFound."""
    row = await db.fetchrow("select * from innm_dosages where id = $1", dosage_id)
    if row is None:
        raise NotFound("Medication not found")
    return (await as_dosages(db, [row]))[0]


async def find_dosages(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Dosage]:
    """Several dosages by their ids."""
    rows = await db.fetch("select * from innm_dosages where id = any($1)", ids)
    return {dosage.id: dosage for dosage in await as_dosages(db, rows)}


async def as_dosages(db: Connection, rows: Sequence[Row]) -> list[Dosage]:
    """Dosages of these rows, in their order."""
    found: dict[UUID, list[Ingredient]] = defaultdict(list)
    for row in await db.fetch(_INGREDIENTS, [row["id"] for row in rows]):
        found[row["innm_dosage_id"]].append(as_model(Ingredient, {**row, "dosage": _strength(row)}))
    return [as_model(Dosage, {**row, "ingredients": found[row["id"]]}) for row in rows]


def as_medication(row: Row) -> Medication:
    """The package of a row whose container is spelled `numerator_value` and so on."""
    return as_model(Medication, {**row, "container": _strength(row)})


def _strength(row: Row) -> Strength:
    return Strength(row["numerator_value"], row["numerator_unit"], row["denumerator_value"], row["denumerator_unit"])


async def save_substances(db: Connection, rows: Iterable[Sequence[object]], now: datetime) -> None:
    """(id, name, name_original, sctid): new ones are added, known ones brought up to date."""
    await execute_many(
        db,
        """
        insert into innms (id, name, name_original, sctid, inserted_at, updated_at) values ($1, $2, $3, $4, $5, $5)
        on conflict (id) do update set name = excluded.name, name_original = excluded.name_original,
            sctid = excluded.sctid, is_active = true, updated_at = excluded.updated_at
        """,
        [(*row, now) for row in rows],
    )


async def save_dosages(db: Connection, dosages: Sequence[Dosage], now: datetime) -> None:
    """Dosages with their substances; the substances must be there."""
    names = ("id", "name", "form", "mr_blank_type", "dosage_form_is_dosed", "daily_dosage", "max_daily_dosage")
    await execute_many(
        db,
        """
        insert into innm_dosages (id, name, form, mr_blank_type, dosage_form_is_dosed, daily_dosage, max_daily_dosage,
            inserted_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        on conflict (id) do update set name = excluded.name, form = excluded.form,
            mr_blank_type = excluded.mr_blank_type, dosage_form_is_dosed = excluded.dosage_form_is_dosed,
            daily_dosage = excluded.daily_dosage, max_daily_dosage = excluded.max_daily_dosage,
            is_active = true, updated_at = excluded.updated_at
        """,
        [(*(getattr(each, name) for name in names), now) for each in dosages],
    )
    await _save_ingredients(db, dosages)


async def _save_ingredients(db: Connection, dosages: Iterable[Dosage]) -> None:
    await execute_many(
        db,
        """
        insert into innm_dosage_ingredients (innm_dosage_id, innm_id, is_primary, numerator_value, numerator_unit,
            denumerator_value, denumerator_unit) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (innm_dosage_id, innm_id) do update set is_primary = excluded.is_primary,
            numerator_value = excluded.numerator_value, numerator_unit = excluded.numerator_unit,
            denumerator_value = excluded.denumerator_value, denumerator_unit = excluded.denumerator_unit
        """,
        [
            (each.id, part.id, part.is_primary, *(getattr(part.dosage, name) for name in Strength.__struct_fields__))
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
    await execute_many(
        db,
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


async def known(db: Connection, ids: Collection[UUID]) -> dict[UUID, tuple[str, bool]]:
    """Name, and whether it is in use, of each dosage and each package among `ids`."""
    rows = await db.fetch(
        "select id, name, is_active from innm_dosages where id = any($1)"
        " union all select id, name, is_active from medications where id = any($1)",
        list(ids),
    )
    return {row["id"]: (row["name"], row["is_active"]) for row in rows}


async def packages(db: Connection) -> dict[UUID, Row]:
    """All packages by id, without the times of their rows."""
    rows = await db.fetch("select id, to_jsonb(m) - 'inserted_at' - 'updated_at' as package from medications m")
    return {row["id"]: row["package"] for row in rows}


async def touched(db: Connection, now: datetime) -> set[UUID]:
    """The packages written at this moment: those that an import has just brought."""
    return {row["id"] for row in await db.fetch("select id from medications where updated_at = $1", now)}


async def keep_versions(db: Connection, versions: Mapping[UUID, Row], now: datetime) -> None:
    """What packages were until now."""
    await execute_many(
        db,
        "insert into medication_versions (medication_id, valid_until, content) values ($1, $2, $3)",
        [(id, now, content) for id, content in versions.items()],
    )


async def put_out_of_use(db: Connection, ids: Collection[UUID], now: datetime) -> None:
    """Packages that the register does not have any more."""
    await db.execute("update medications set is_active = false, updated_at = $2 where id = any($1)", list(ids), now)
