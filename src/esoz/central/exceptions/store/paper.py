"""Rows of blanks and of what was handed over by them."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from uuid import UUID

from esoz.kernel.act import insert_later, write_later
from esoz.kernel.db import Connection, Page, Paged, Query, as_model
from esoz.kernel.errors import NotFound

from ..model.paper import PaperDispense, PaperDispenseFilter, PaperFilter, PaperPrescription, Status
from .rows import values_of, where_contains, where_recorded

_PAPER = tuple(field.name for field in fields(PaperPrescription))
_PAPERS = f"select {', '.join(_PAPER)} from paper_prescriptions"
_DISPENSE = tuple(field.name for field in fields(PaperDispense))
_DISPENSES = f"select {', '.join(_DISPENSE)} from paper_dispenses"


async def add(db: Connection, paper: PaperPrescription) -> bool:
    """Store a blank unless this paper is recorded already, anywhere in the country (PP-1)."""
    values = values_of(paper, _PAPER)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    added = await db.fetchval(
        f"insert into paper_prescriptions ({', '.join(values)}) values ({places})"
        " on conflict (key) where status <> 'ENTERED_IN_ERROR' do nothing returning id",
        *values.values(),
    )
    return added is not None


async def find(db: Connection, id: UUID, *, lock: bool = False) -> PaperPrescription:
    """A blank, held until the transaction ends when asked; raise NotFound."""
    row = await db.fetchrow(f"{_PAPERS} where id = $1" + (" for update" if lock else ""), id)
    if row is None:
        raise NotFound()
    return as_model(PaperPrescription, row)


async def save(db: Connection, paper: PaperPrescription) -> None:
    await write_later(
        db,
        "update paper_prescriptions set status = $2, error_reason = $3, updated_at = $4, updated_by = $5 where id = $1",
        paper.id,
        str(paper.status),
        paper.error_reason,
        paper.updated_at,
        paper.updated_by,
    )


async def journal(
    db: Connection, legal_entity_id: UUID | None, filters: PaperFilter, page: Page, today: date
) -> tuple[list[PaperPrescription], Paged]:
    """Blanks of a pharmacy, recorded last first."""
    query = Query(_PAPERS).where_given("legal_entity_id = {}", legal_entity_id)
    for name in ("division_id", "institution_edrpou"):
        query.where_given(f"{name} = {{}}", getattr(filters, name))
    if filters.status is Status.EXPIRED:
        query.where("status = 'ACTIVE' and valid_to < {}", today)
    elif filters.status is Status.ACTIVE:
        query.where("status = 'ACTIVE' and valid_to >= {}", today)
    else:
        query.where_given("status = {}", filters.status and str(filters.status))
    where_contains(query, "series || ' ' || number", filters.number)
    where_contains(query, "words", filters.medication)
    query.where_given("issued_at >= {}", filters.issued_from).where_given("issued_at <= {}", filters.issued_to)
    where_recorded(query, filters.recorded_from, filters.recorded_to)
    paged = await query.page(db, page, order="inserted_at desc, id desc")
    return [as_model(PaperPrescription, row) for row in paged.rows], paged


async def add_dispense(db: Connection, dispense: PaperDispense) -> None:
    await insert_later(db, "paper_dispenses", **values_of(dispense, _DISPENSE))


async def is_dispense(db: Connection, id: UUID) -> bool:
    found: bool = await db.fetchval("select exists (select from paper_dispenses where id = $1)", id)
    return found


async def paper_of(db: Connection, dispense_id: UUID) -> UUID:
    """The blank that something was handed over by; raise NotFound."""
    found = await db.fetchval("select paper_prescription_id from paper_dispenses where id = $1", dispense_id)
    if found is None:
        raise NotFound()
    return UUID(str(found))


async def dispenses_of(db: Connection, paper_id: UUID) -> list[PaperDispense]:
    """What was handed over by a blank, the first act first."""
    rows = await db.fetch(f"{_DISPENSES} where paper_prescription_id = $1 order by inserted_at, id", paper_id)
    return [as_model(PaperDispense, row) for row in rows]


async def given(
    db: Connection, legal_entity_id: UUID | None, filters: PaperDispenseFilter, page: Page
) -> tuple[list[PaperDispense], Paged]:
    """What a pharmacy has handed over by blanks, the latest day first; of all pharmacies when none is named."""
    first, last = filters.dispensed_from, filters.dispensed_to
    query = Query(_DISPENSES).where_given("legal_entity_id = {}", legal_entity_id)
    query.where_given("division_id = {}", filters.division_id)
    query.where_given("status = {}", filters.status and str(filters.status))
    query.where_given("dispensed_at >= {}", first).where_given("dispensed_at <= {}", last)
    paged = await query.page(db, page, order="dispensed_at desc, inserted_at desc, id desc")
    return [as_model(PaperDispense, row) for row in paged.rows], paged


async def papers(db: Connection, ids: Iterable[UUID]) -> dict[UUID, PaperPrescription]:
    """Blanks by their ids."""
    rows = await db.fetch(f"{_PAPERS} where id = any($1::uuid[])", list(ids))
    return {row["id"]: as_model(PaperPrescription, row) for row in rows}


async def save_dispense(db: Connection, dispense: PaperDispense) -> None:
    """Store what may change: that it was a mistake."""
    await write_later(
        db,
        "update paper_dispenses set status = $2, error_reason = $3, updated_at = $4, updated_by = $5 where id = $1",
        dispense.id,
        str(dispense.status),
        dispense.error_reason,
        dispense.updated_at,
        dispense.updated_by,
    )
