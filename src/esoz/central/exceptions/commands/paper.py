"""A blank is recorded once in the whole country, with its picture; a mistake is marked as one."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from esoz.central import uploads
from esoz.central.medications import Dosage
from esoz.central.organisations import Division, user_of
from esoz.kernel.faults import must_hold
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content import shown_medicines
from ..model import Event
from ..model import paper as law
from ..model.asked import medicine_faults
from ..model.emergency import names_of
from ..model.handing_over import must_say_why
from ..model.paper import AlreadyRecorded, PaperDetails, PaperPrescription, Status, Whole
from ..store import paper as store
from ..store.packages import dosages
from .counter import Counter, counter, licensed_division, shown_counter


async def create(work: Work, details: PaperDetails) -> Whole:
    """Record a blank and wait for its picture. Raises AlreadyRecorded (PP-1), Rejected naming fields, Conflict."""
    pharmacy = await counter(work)
    late_days = work.dependencies.settings.number("ESOZ_PAPER_LATE_DAYS")
    must_hold(law.paper_faults(details), law.term_faults(details, work.days, late_days))
    known = await dosages(work.db, [each.medication_id for each in details.medicines])
    must_hold(medicine_faults(details.medicines, known))
    division = await licensed_division(work, details.division_id, work.today)
    paper = _paper(work, details, pharmacy, division, known)
    if not await store.add(work.db, paper):
        raise AlreadyRecorded()
    until = work.now + law.PHOTO_WITHIN
    documents = await uploads.expect(work, law.PHOTOS, paper.id, [law.PHOTO], until=until)
    work.record(Event.PAPER_CREATED, paper.id)
    return Whole(paper, (), documents, work.today)


def _paper(
    work: Work, details: PaperDetails, pharmacy: Counter, division: Division, known: Mapping[UUID, Dosage]
) -> PaperPrescription:
    return PaperPrescription(
        id=work.new_id(),
        status=Status.ACTIVE,
        legal_entity_id=pharmacy.legal_entity.id,
        division_id=division.id,
        series=details.series.strip(),
        number=details.number.strip(),
        institution_name=details.institution_name.strip(),
        institution_edrpou=details.institution_edrpou,
        doctor_name=details.doctor_name.strip(),
        issued_at=details.issued_at,
        valid_to=law.valid_to(details),
        medicines=details.medicines,
        content={**shown_counter(pharmacy, division), "medicines": shown_medicines(details.medicines, known)},
        words=names_of([known[each.medication_id].name for each in details.medicines]),
        key=law.key_of(details),
        inserted_at=work.now,
        inserted_by=pharmacy.user_id,
        updated_at=work.now,
        updated_by=pharmacy.user_id,
    )


async def cancel(work: Work, id: UUID, reason: str) -> Whole:
    """Mark a record as a mistake, so that the paper may be recorded rightly (PP-5). Raises NotFound, Conflict."""
    paper = await store.find(work.db, id, lock=True)
    policy.must_be_ours(work.actor, paper.legal_entity_id)
    dispenses = await store.dispenses_of(work.db, id)
    law.must_be_untouched(dispenses)
    cancelled = replace(
        paper,
        status=move(law.MOVES, paper.status_on(work.today), Status.ENTERED_IN_ERROR),
        error_reason=must_say_why(reason),
        updated_at=work.now,
        updated_by=user_of(work.actor),
    )
    await store.save(work.db, cancelled)
    await uploads.abandon(work, law.PHOTOS, [id])
    work.record(Event.PAPER_CANCELLED, id)
    return Whole(cancelled, dispenses, (), work.today)
