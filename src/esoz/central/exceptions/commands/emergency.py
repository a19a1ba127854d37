"""The journal of the war: an entry is signed by who hands over; a mistake is marked as one."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central.organisations import Division, user_of
from esoz.central.war_territories import may_dispense_without_prescription
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
from ..model import emergency as law
from ..model.emergency import EmergencyContent, EmergencyDispense
from ..model.handing_over import (
    MOVES,
    Package,
    Status,
    antibacterial_faults,
    day_faults,
    detail_faults,
    must_say_why,
    package_faults,
    paper_form_faults,
)
from ..store import emergency as store
from ..store.packages import packages
from .counter import Counter, counter, licensed_division, name_of, open_own, region_of, shown_counter

FIELD = "$.signed_emergency_dispense"
FOLDER = "emergency_dispenses"


async def create(work: Work, document: str) -> EmergencyDispense:
    """Write down what was handed over without a prescription; the same document again is the entry of before (WT-4).

    Raises NoExceptionHere outside of the territories and their days, Rejected naming fields, Conflict, Forbidden.
    """
    pharmacy = await counter(work)
    opened = await open_own(work, document, pharmacy, field=FIELD)
    content = read_signed(opened.content, EmergencyContent, None)
    await store.wait_turn(work.db, content.id)
    earlier = await store.known(work.db, content.id)
    if earlier is not None:
        return _same(work, earlier, opened)
    law.must_be_told(content)
    late_days = work.dependencies.settings.number("ESOZ_PAPER_LATE_DAYS")
    must_hold(day_faults(content.dispensed_at, work.days, late_days), detail_faults(content.dispense_details))
    known = await packages(work.db, [detail.medication_id for detail in content.dispense_details])
    details = content.dispense_details
    must_hold(package_faults(details, known))
    must_hold(paper_form_faults(details, known), antibacterial_faults(details, known))
    division = await licensed_division(work, content.division_id, content.dispensed_at)
    law.must_be_allowed(await _is_allowed(work, division, content))
    dispense = await _dispense(work, content, pharmacy, division, (opened, known))
    await store.add(work.db, dispense)
    work.record(Event.EMERGENCY_CREATED, dispense.id)
    return dispense


def _same(work: Work, earlier: EmergencyDispense, opened: Opened) -> EmergencyDispense:
    """The entry that this very document has made; another one under its id is refused, whosever it is."""
    if earlier.legal_entity_id != work.actor.client_id or earlier.signed_document != name_of(
        FOLDER, earlier.id, opened
    ):
        raise AlreadyExists()
    work.record(Event.EMERGENCY_READ, earlier.id)
    return earlier


async def _is_allowed(work: Work, division: Division, content: EmergencyContent) -> bool:
    """The address of residence is where a pharmacy stands."""
    addresses = sorted(division.addresses, key=lambda address: address.type != "RESIDENCE")
    return bool(addresses) and await may_dispense_without_prescription(
        work.db, addresses[0].settlement_id, content.dispensed_at
    )


async def _dispense(
    work: Work,
    content: EmergencyContent,
    pharmacy: Counter,
    division: Division,
    given: tuple[Opened, dict[UUID, Package]],
) -> EmergencyDispense:
    opened, known = given
    details = msgspec.to_builtins(shown_details(content.dispense_details, known))
    names = [text for each in content.dispense_details for text in _names(known[each.medication_id])]
    return EmergencyDispense(
        id=content.id,
        status=Status.COMPLETED,
        legal_entity_id=pharmacy.legal_entity.id,
        division_id=division.id,
        party_id=pharmacy.party.id,
        dispensed_at=content.dispensed_at,
        reason=content.reason.strip(),
        note=(content.note or "").strip() or None,
        content={**shown_counter(pharmacy, division), "dispense_details": details},
        words=law.names_of(names),
        region=region_of(division),
        signed_document=await documents.keep(work.db, f"{FOLDER}/{content.id}", opened.document),
        inserted_at=work.now,
        inserted_by=pharmacy.user_id,
        updated_at=work.now,
        updated_by=pharmacy.user_id,
    )


def _names(package: Package) -> tuple[str, str]:
    return package.medication.name, package.dosage_name


async def cancel(work: Work, id: UUID, reason: str) -> EmergencyDispense:
    """Mark an entry as a mistake (WT-7). Raises NotFound, Rejected, Conflict."""
    found = await store.find(work.db, id, lock=True)
    policy.must_be_ours(work.actor, found.legal_entity_id)
    cancelled = replace(
        found,
        status=move(MOVES, found.status, Status.ENTERED_IN_ERROR),
        error_reason=must_say_why(reason),
        updated_at=work.now,
        updated_by=user_of(work.actor),
    )
    await store.save(work.db, cancelled)
    work.record(Event.EMERGENCY_CANCELLED, id)
    return cancelled
