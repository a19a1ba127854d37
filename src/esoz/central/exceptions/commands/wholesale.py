"""A request of an institution is recorded once in the whole country, with its scan; a mistake is marked as one."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from esoz.central import uploads
from esoz.central.licences import has_license_in_force
from esoz.central.medications import Dosage
from esoz.central.organisations import Division, user_of
from esoz.kernel.faults import must_hold
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy
from ..content import shown_medicines
from ..model import Event
from ..model import wholesale as law
from ..model.asked import medicine_faults
from ..model.emergency import names_of
from ..model.handing_over import must_say_why
from ..model.wholesale import AlreadyRecorded, Status, Whole, WholesaleDetails, WholesaleRequest
from ..store import wholesale as store
from ..store.packages import dosages
from .counter import Counter, counter, licensed_division, shown_counter


async def create(work: Work, details: WholesaleDetails) -> Whole:
    """Record a request and wait for its scan.

    Raises AlreadyRecorded (WS-2), Rejected naming fields, MartialLawIsOver, NotLicensed, Conflict, Forbidden.
    """
    supplier = await counter(work)
    must_hold(law.request_faults(details), law.request_day_faults(details.requested_at, work.days))
    law.must_be_martial_law(work.today, work.dependencies.settings.day("ESOZ_MARTIAL_LAW_UNTIL"))
    law.must_be_licensed(await has_license_in_force(work.db, supplier.legal_entity.id, law.LICENSES, work.today))
    known = await dosages(work.db, [each.medication_id for each in details.medicines])
    must_hold(medicine_faults(details.medicines, known))
    division = await licensed_division(work, details.division_id, work.today)
    request = _request(work, details, supplier, division, known)
    if not await store.add(work.db, request):
        raise AlreadyRecorded()
    until = work.now + law.SCAN_WITHIN
    documents = await uploads.expect(work, law.SCANS, request.id, [law.SCAN], until=until)
    work.record(Event.WHOLESALE_REQUESTED, request.id)
    return Whole(request, (), documents)


def _request(
    work: Work, details: WholesaleDetails, supplier: Counter, division: Division, known: Mapping[UUID, Dosage]
) -> WholesaleRequest:
    names = ("requester_name", "responsible_name", "responsible_position", "number")
    return WholesaleRequest(
        id=work.new_id(),
        status=Status.ACTIVE,
        legal_entity_id=supplier.legal_entity.id,
        division_id=division.id,
        requester_type=details.requester_type,
        requester_edrpou=details.requester_edrpou,
        **{name: getattr(details, name).strip() for name in names},
        requested_at=details.requested_at,
        medicines=details.medicines,
        content={**shown_counter(supplier, division), "medicines": shown_medicines(details.medicines, known)},
        words=names_of([known[each.medication_id].name for each in details.medicines]),
        key=law.key_of(details),
        inserted_at=work.now,
        inserted_by=supplier.user_id,
        updated_at=work.now,
        updated_by=supplier.user_id,
    )


async def cancel(work: Work, id: UUID, reason: str) -> Whole:
    """Mark a record as a mistake, so that the request may be recorded rightly (WS-5). Raises NotFound, Conflict."""
    request = await store.find(work.db, id, lock=True)
    policy.must_be_ours(work.actor, request.legal_entity_id)
    supplies = await store.supplies_of(work.db, id)
    law.must_be_untouched(supplies)
    cancelled = replace(
        request,
        status=move(law.MOVES, request.status, Status.ENTERED_IN_ERROR),
        error_reason=must_say_why(reason),
        updated_at=work.now,
        updated_by=user_of(work.actor),
    )
    await store.save(work.db, cancelled)
    await uploads.abandon(work, law.SCANS, [id])
    work.record(Event.WHOLESALE_REQUEST_CANCELLED, id)
    return Whole(cancelled, supplies, ())
