"""Questions about what the state pays for; each leaves a line, and every patient in an answer is told of it."""

from collections.abc import Sequence

from esoz.central.organisations import find_divisions
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import rejected
from esoz.kernel.work import Work

from . import policy, store
from .model import DOWNLOADED, Days, Event, Line, Reimbursed, ReportFilter, Summed


async def reimbursed(work: Work, filters: ReportFilter, page: Page) -> tuple[Sequence[Reimbursed], Paged]:
    """A page of reimbursed dispenses within reach, by the day of handing over."""
    for what in ("request", "dispense"):
        first, last = getattr(filters, f"date_from_{what}"), getattr(filters, f"date_to_{what}")
        if first and last and last < first:
            raise rejected(f"$.date_to_{what}", f"must be greater than or equal to date_from_{what}", params=[first])
    within = policy.within_reach(work.actor)
    paged = await store.dispenses(work.db, within, filters, page)
    work.record(Event.READ, within.legal_entity_id or "")
    for row in paged.rows:
        work.record(Event.READ, row["id"], patient_id=row["person_id"])
    divisions = await find_divisions(work.db, {row["division_id"] for row in paged.rows})
    found = [
        Reimbursed(row, row["request"], row["lines"], divisions[row["division_id"]], row["employee_type"])
        for row in paged.rows
    ]
    return found, paged


async def summed(work: Work, asked: Summed) -> tuple[Sequence[Line], Line]:
    """Sums of a period by what was asked for, and of all of it."""
    span, within = asked.span(work.today), policy.within_reach(work.actor)
    work.record(Event.SUMMED, within.legal_entity_id or "")
    lines = await store.sums(work.db, within, span, [asked.by])
    [total] = await store.sums(work.db, within, span, [])
    return lines, total


async def for_payment(work: Work, days: Days) -> Sequence[Line]:
    """What the НСЗУ pays: by month, pharmacy, contract and programme."""
    span, within = days.span(work.today), policy.within_reach(work.actor)
    work.record(Event.DOWNLOADED, within.legal_entity_id or "")
    return await store.sums(work.db, within, span, DOWNLOADED)
