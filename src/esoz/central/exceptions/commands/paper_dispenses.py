"""Handing over by a blank: signed, and never more than stands on it.

The row of the blank is locked by whatever counts what is left of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central import uploads
from esoz.central.organisations import Division, user_of
from esoz.kernel import documents
from esoz.kernel.decoding import read_signed
from esoz.kernel.errors import AlreadyExists
from esoz.kernel.faults import must_hold
from esoz.kernel.signed import Opened
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content import shown_details
from ..model import Event
from ..model import paper as law
from ..model.asked import given_of, left_faults, left_of
from ..model.emergency import NOTE
from ..model.handing_over import (
    MOVES,
    Package,
    day_faults,
    detail_faults,
    must_say_why,
    package_faults,
    text_faults,
)
from ..model.handing_over import Status as DispenseStatus
from ..model.paper import PaperContent, PaperDispense, PaperPrescription, Status, Whole
from ..store import paper as store
from ..store.packages import packages
from .counter import Counter, counter, licensed_division, name_of, open_own, region_of, shown_counter

FIELD = "$.signed_paper_dispense"
FOLDER = "paper_dispenses"


async def create(work: Work, document: str) -> Whole:
    """Hand over by a blank of ours whose picture has come; the same document again changes nothing (PP-5).

    Raises NotFound, Missing, Rejected naming fields, Conflict, Forbidden.
    """
    pharmacy = await counter(work)
    opened = await open_own(work, document, pharmacy, field=FIELD)
    content = read_signed(opened.content, PaperContent, None)
    paper = await store.find(work.db, content.paper_prescription_id, lock=True)
    policy.must_be_ours(work.actor, paper.legal_entity_id)
    earlier = await store.dispenses_of(work.db, paper.id)
    if any(each.id == content.id and each.signed_document == name_of(FOLDER, content.id, opened) for each in earlier):
        work.record(Event.PAPER_READ, paper.id)
        return await _shown(work, paper, earlier)
    if await store.is_dispense(work.db, content.id):
        raise AlreadyExists()
    known = await _must_be_left(work, paper, content, earlier)
    division = await licensed_division(work, content.division_id, content.dispensed_at)
    await uploads.close(work, law.PHOTOS, paper.id)
    await uploads.keep_taken(work, law.PHOTOS, paper.id)
    dispense = await _dispense(work, content, pharmacy, division, (opened, known))
    await store.add_dispense(work.db, dispense)
    work.record(Event.PAPER_DISPENSED, dispense.id)
    return await _whole(work, paper, [*earlier, dispense])


async def _must_be_left(
    work: Work, paper: PaperPrescription, content: PaperContent, earlier: Sequence[PaperDispense]
) -> Mapping[UUID, Package]:
    law.must_be_active(paper)
    details, late_days = content.dispense_details, work.dependencies.settings.number("ESOZ_PAPER_LATE_DAYS")
    must_hold(
        day_faults(content.dispensed_at, work.days, late_days),
        law.day_of_blank_faults(content.dispensed_at, paper),
        detail_faults(details),
        text_faults("$.note", content.note or "", NOTE),
    )
    known = await packages(work.db, [detail.medication_id for detail in details])
    must_hold(package_faults(details, known))
    must_hold(left_faults(details, known, left_of(paper, earlier), law.WORDS))
    return known


async def _dispense(
    work: Work,
    content: PaperContent,
    pharmacy: Counter,
    division: Division,
    given: tuple[Opened, Mapping[UUID, Package]],
) -> PaperDispense:
    opened, known = given
    details = msgspec.to_builtins(shown_details(content.dispense_details, known))
    return PaperDispense(
        id=content.id,
        paper_prescription_id=content.paper_prescription_id,
        status=DispenseStatus.COMPLETED,
        legal_entity_id=pharmacy.legal_entity.id,
        division_id=division.id,
        party_id=pharmacy.party.id,
        dispensed_at=content.dispensed_at,
        given=given_of(content.dispense_details, known),
        content={**shown_counter(pharmacy, division), "dispense_details": details},
        region=region_of(division),
        signed_document=await documents.keep(work.db, f"{FOLDER}/{content.id}", opened.document),
        note=(content.note or "").strip() or None,
        inserted_at=work.now,
        inserted_by=pharmacy.user_id,
        updated_at=work.now,
        updated_by=pharmacy.user_id,
    )


async def cancel(work: Work, id: UUID, reason: str) -> Whole:
    """Mark what was handed over as a mistake: so much is left again (PP-5). Raises NotFound, Rejected, Conflict."""
    paper = await store.find(work.db, await store.paper_of(work.db, id), lock=True)
    policy.must_be_ours(work.actor, paper.legal_entity_id)
    dispenses = {each.id: each for each in await store.dispenses_of(work.db, paper.id)}
    found = dispenses[id]
    cancelled = replace(
        found,
        status=move(MOVES, found.status, DispenseStatus.ENTERED_IN_ERROR),
        error_reason=must_say_why(reason),
        updated_at=work.now,
        updated_by=user_of(work.actor),
    )
    await store.save_dispense(work.db, cancelled)
    work.record(Event.PAPER_DISPENSE_CANCELLED, id)
    return await _whole(work, paper, [*(dispenses | {id: cancelled}).values()])


async def _whole(work: Work, paper: PaperPrescription, dispenses: Sequence[PaperDispense]) -> Whole:
    """The blank after an act: used up when nothing of it is left, else in use."""
    is_used = not any(left_of(paper, dispenses).values())
    status = Status.COMPLETED if is_used else Status.ACTIVE
    if status is not paper.status:
        paper = replace(
            paper,
            status=move(law.MOVES, paper.status, status),
            updated_at=work.now,
            updated_by=user_of(work.actor),
        )
        await store.save(work.db, paper)
    return await _shown(work, paper, dispenses)


async def _shown(work: Work, paper: PaperPrescription, dispenses: Sequence[PaperDispense]) -> Whole:
    return Whole(paper, dispenses, await uploads.of_request(work, law.PHOTOS, paper.id), work.today)
