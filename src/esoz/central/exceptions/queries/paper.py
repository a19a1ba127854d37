"""Recorded blanks; a pharmacy sees its own only."""

from uuid import UUID

from esoz.central import uploads
from esoz.central.organisations import own
from esoz.kernel.db import Page, Paged
from esoz.kernel.work import Work

from .. import policy
from ..model import Event
from ..model.paper import PHOTOS, GivenByPaper, PaperDispenseFilter, PaperFilter, PaperPrescription, Whole
from ..store import paper as store


async def journal(work: Work, filters: PaperFilter, page: Page) -> tuple[list[PaperPrescription], Paged]:
    """A page of blanks."""
    work.record(Event.PAPERS_READ, work.actor.client_id or "")
    return await store.journal(work.db, own(work.actor), filters, page, work.today)


async def dispenses(work: Work, filters: PaperDispenseFilter, page: Page) -> tuple[list[GivenByPaper], Paged]:
    """A page of what was handed over, each with its blank."""
    work.record(Event.PAPER_DISPENSES_READ, work.actor.client_id or "")
    listed, paged = await store.given(work.db, own(work.actor), filters, page)
    papers = await store.papers(work.db, {each.paper_prescription_id for each in listed})
    return [GivenByPaper(each, papers[each.paper_prescription_id]) for each in listed], paged


async def one(work: Work, id: UUID) -> Whole:
    """One blank; another's is NotFound."""
    found = await store.find(work.db, id)
    policy.must_be_ours(work.actor, found.legal_entity_id)
    work.record(Event.PAPER_READ, id)
    documents = await uploads.of_request(work, PHOTOS, id)
    return Whole(found, await store.dispenses_of(work.db, id), documents, work.today)
