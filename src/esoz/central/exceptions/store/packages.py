"""Packages of the register of medicines, with the form that they are prescribed on, and dosages."""

from collections.abc import Iterable
from uuid import UUID

from esoz.central.medications import Dosage, as_dosages, as_medication
from esoz.kernel.db import Connection, Page, Paged, Query, Row
from esoz.kernel.spelling import plain_name

from ..model.handing_over import Package, PackageFilter

_PACKAGES = """
select m.*, m.name as m_name, m.container_numerator_value as numerator_value,
    m.container_numerator_unit as numerator_unit, m.container_denumerator_value as denumerator_value,
    m.container_denumerator_unit as denumerator_unit, d.name as dosage_name, d.mr_blank_type
from medications m join innm_dosages d on d.id = m.innm_dosage_id
"""


async def packages(db: Connection, ids: Iterable[UUID]) -> dict[UUID, Package]:
    """Those of the packages that the register knows, in use or not."""
    rows = await db.fetch(f"{_PACKAGES} where m.id = any($1::uuid[])", list(ids))
    return {row["id"]: _package(row) for row in rows}


async def dosages(db: Connection, ids: Iterable[UUID]) -> dict[UUID, Dosage]:
    """What is asked for, in use or not."""
    rows = await db.fetch("select * from innm_dosages where id = any($1)", list(ids))
    return {each.id: each for each in await as_dosages(db, rows)}


async def search(db: Connection, filters: PackageFilter, page: Page) -> tuple[list[Package], Paged]:
    """Packages in use, by what they hold and then by name."""
    query = Query(_PACKAGES).where("m.is_active")
    query.where_given("m.id = {}", filters.id).where_given("m.innm_dosage_id = {}", filters.innm_dosage_id)
    query.where_given("m.id = any({}::uuid[])", filters.any_of_ids)
    query.where_given("m.innm_dosage_id = any({}::uuid[])", filters.any_of_dosages)
    query.where_given("m.atc_groups @> array[{}]", filters.code_atc)
    for word in (filters.name or "").split():
        # Latin names of substances are looked for as they are written. Dosages are some thousands, packages ten times
        # as many: each name is looked at once.
        query.where(
            "(strpos(plain_name(m.name), {0}) > 0 or m.innm_dosage_id in (select id from innm_dosages"
            " where strpos(plain_name(name), {0}) > 0 union all select i.innm_dosage_id from innm_dosage_ingredients i"
            " join innms n on n.id = i.innm_id where strpos(plain_name(n.name_original), {0}) > 0))",
            plain_name(word),
        )
    paged = await query.page(db, page, order="dosage_name, m_name, package_qty, id")
    return [_package(row) for row in paged.rows], paged


def _package(row: Row) -> Package:
    return Package(as_medication(row), row["dosage_name"], row["mr_blank_type"])
