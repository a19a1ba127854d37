"""Changes of additional licenses."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central.organisations import find_legal_entity, must_be_acting
from esoz.kernel.errors import Rejected, rejected
from esoz.kernel.work import Work

from . import policy, store
from .model import Event, LicenseDetails, LicenseRecord, PrimaryLicense, faults


async def create(work: Work, details: LicenseDetails, *, legal_entity_id: UUID) -> LicenseRecord:
    """Add a license of the caller's legal entity; raise Rejected naming the fields, Conflict when it does not act."""
    record = LicenseRecord(
        id=work.new_id(),
        legal_entity_id=legal_entity_id,
        inserted_at=work.now,
        updated_at=work.now,
        inserted_by=work.actor.user_id,
        updated_by=work.actor.user_id,
        **msgspec.structs.asdict(details),
    )
    await _must_be_valid(work, record)
    await store.add(work.db, record)
    work.record(Event.LICENSE_CREATED, record.id)
    return record


async def update(work: Work, id: UUID, details: LicenseDetails) -> LicenseRecord:
    """Write what is told now of our additional license, its type apart.

    Raises NotFound for another's, PrimaryLicense, Rejected naming the fields, Conflict.
    """
    found = await store.find_license(work.db, id, lock=True)
    policy.must_be_ours(work.actor, found)
    if found.is_primary:
        raise PrimaryLicense()
    if details.type != found.type:
        raise rejected("$.type", "License type can't be changed")
    record = replace(found, **msgspec.structs.asdict(details), updated_at=work.now, updated_by=work.actor.user_id)
    await _must_be_valid(work, record)
    await store.save(work.db, record)
    work.record(Event.LICENSE_UPDATED, id)
    return record


async def _must_be_valid(work: Work, record: LicenseRecord) -> None:
    entity = await find_legal_entity(work.db, record.legal_entity_id)
    must_be_acting(entity)
    found = tuple(faults(record, entity.type, work.days))
    if found:
        raise Rejected(invalid=found)
