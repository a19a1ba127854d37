"""Supplying by a request: signed, and never more than was asked for.

The row of the request is locked by whatever counts what is left of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central import uploads
from esoz.central.licences import has_license_in_force
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
from ..model import wholesale as law
from ..model.asked import given_of, left_faults, left_of
from ..model.emergency import NOTE, names_of
from ..model.handing_over import (
    MOVES,
    Package,
    day_faults,
    detail_faults,
    must_say_why,
    package_faults,
    text_faults,
)
from ..model.handing_over import Status as SupplyStatus
from ..model.wholesale import Status, Whole, WholesaleContent, WholesaleRequest, WholesaleSupply
from ..store import wholesale as store
from ..store.packages import packages
from .counter import Counter, counter, licensed_division, name_of, open_own, region_of, shown_counter

FIELD = "$.signed_wholesale_supply"
FOLDER = "wholesale_supplies"


async def create(work: Work, document: str) -> Whole:
    """Supply by a request of ours whose scan has come; the same document again changes nothing (WS-5).

    Raises NotFound, Missing, Rejected naming fields, MartialLawIsOver, NotLicensed, Conflict, Forbidden.
    """
    supplier = await counter(work)
    opened = await open_own(work, document, supplier, field=FIELD)
    content = read_signed(opened.content, WholesaleContent, None)
    request = await store.find(work.db, content.wholesale_request_id, lock=True)
    policy.must_be_ours(work.actor, request.legal_entity_id)
    earlier = await store.supplies_of(work.db, request.id)
    if any(each.id == content.id and each.signed_document == name_of(FOLDER, content.id, opened) for each in earlier):
        work.record(Event.WHOLESALE_REQUEST_READ, request.id)
        return await _shown(work, request, earlier)
    if await store.is_supply(work.db, content.id):
        raise AlreadyExists()
    known = await _must_be_left(work, request, content, earlier)
    division = await _must_be_allowed(work, supplier, content)
    await uploads.close(work, law.SCANS, request.id)
    await uploads.keep_taken(work, law.SCANS, request.id)
    supply = await _supply(work, content, supplier, division, (opened, known))
    await store.add_supply(work.db, supply)
    work.record(Event.WHOLESALE_SUPPLIED, supply.id)
    return await _whole(work, request, [*earlier, supply])


async def _must_be_left(
    work: Work, request: WholesaleRequest, content: WholesaleContent, earlier: Sequence[WholesaleSupply]
) -> Mapping[UUID, Package]:
    law.must_be_active(request)
    details, late_days = content.dispense_details, work.dependencies.settings.number("ESOZ_PAPER_LATE_DAYS")
    must_hold(
        day_faults(content.supplied_at, work.days, late_days, "$.supplied_at"),
        law.supply_day_faults(content.supplied_at, request),
        text_faults("$.received_by", content.received_by, law.NAMES),
        detail_faults(details),
        text_faults("$.note", content.note or "", NOTE),
    )
    known = await packages(work.db, [detail.medication_id for detail in details])
    must_hold(package_faults(details, known))
    must_hold(left_faults(details, known, left_of(request, earlier), law.WORDS))
    return known


async def _must_be_allowed(work: Work, supplier: Counter, content: WholesaleContent) -> Division:
    """WS-1, WS-4, as they were on the day of the supply."""
    day = content.supplied_at
    law.must_be_martial_law(day, work.dependencies.settings.day("ESOZ_MARTIAL_LAW_UNTIL"))
    law.must_be_licensed(await has_license_in_force(work.db, supplier.legal_entity.id, law.LICENSES, day))
    return await licensed_division(work, content.division_id, day)


async def _supply(
    work: Work,
    content: WholesaleContent,
    supplier: Counter,
    division: Division,
    given: tuple[Opened, Mapping[UUID, Package]],
) -> WholesaleSupply:
    opened, known = given
    details = msgspec.to_builtins(shown_details(content.dispense_details, known))
    packed = [known[each.medication_id] for each in content.dispense_details]
    return WholesaleSupply(
        id=content.id,
        wholesale_request_id=content.wholesale_request_id,
        status=SupplyStatus.COMPLETED,
        legal_entity_id=supplier.legal_entity.id,
        division_id=division.id,
        party_id=supplier.party.id,
        supplied_at=content.supplied_at,
        received_by=content.received_by.strip(),
        given=given_of(content.dispense_details, known),
        content={**shown_counter(supplier, division), "dispense_details": details},
        words=names_of([name for each in packed for name in (each.medication.name, each.dosage_name)]),
        region=region_of(division),
        signed_document=await documents.keep(work.db, f"{FOLDER}/{content.id}", opened.document),
        note=(content.note or "").strip() or None,
        inserted_at=work.now,
        inserted_by=supplier.user_id,
        updated_at=work.now,
        updated_by=supplier.user_id,
    )


async def cancel(work: Work, id: UUID, reason: str) -> Whole:
    """Mark what was supplied as a mistake: so much is left again (WS-5). Raises NotFound, Rejected, Conflict."""
    request = await store.find(work.db, await store.request_of(work.db, id), lock=True)
    policy.must_be_ours(work.actor, request.legal_entity_id)
    supplies = {each.id: each for each in await store.supplies_of(work.db, request.id)}
    found = supplies[id]
    cancelled = replace(
        found,
        status=move(MOVES, found.status, SupplyStatus.ENTERED_IN_ERROR),
        error_reason=must_say_why(reason),
        updated_at=work.now,
        updated_by=user_of(work.actor),
    )
    await store.save_supply(work.db, cancelled)
    work.record(Event.WHOLESALE_SUPPLY_CANCELLED, id)
    return await _whole(work, request, [*(supplies | {id: cancelled}).values()])


async def _whole(work: Work, request: WholesaleRequest, supplies: Sequence[WholesaleSupply]) -> Whole:
    """The request after an act: used up when nothing of it is left, else in use."""
    status = Status.ACTIVE if any(left_of(request, supplies).values()) else Status.COMPLETED
    if status is not request.status:
        request = replace(
            request,
            status=move(law.MOVES, request.status, status),
            updated_at=work.now,
            updated_by=user_of(work.actor),
        )
        await store.save(work.db, request)
    return await _shown(work, request, supplies)


async def _shown(work: Work, request: WholesaleRequest, supplies: Sequence[WholesaleSupply]) -> Whole:
    return Whole(request, supplies, await uploads.of_request(work, law.SCANS, request.id))
