"""Changes of equipment."""

from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central import device_definitions
from esoz.central.organisations import find_legal_entity, must_be_acting, must_be_own_division, user_of
from esoz.central.workforce import find_employee
from esoz.kernel.errors import NotFound, Rejected, rejected
from esoz.kernel.work import Work

from . import policy, store
from .model import (
    Availability,
    Equipment,
    EquipmentDetails,
    Event,
    Status,
    faults,
    with_availability,
    with_status,
)


async def create(work: Work, details: EquipmentDetails, *, legal_entity_id: UUID) -> Equipment:
    """Record equipment of the caller's legal entity; raise Rejected naming the fields, Conflict."""
    must_be_acting(await find_legal_entity(work.db, legal_entity_id))
    equipment = _equipment(work, details, legal_entity_id)
    found = tuple(faults(equipment, work.days))
    if found:
        raise Rejected(invalid=found)
    await _must_be_recorder(work, equipment)
    await _must_be_defined(work, equipment)
    if equipment.division_id is not None:
        missing = "Division with such ID is not found"
        await must_be_own_division(
            work.db, equipment.division_id, legal_entity_id, entry="$.division_id", missing=missing
        )
    await _must_be_parent(work, equipment)
    await store.add(work.db, equipment)
    work.record(Event.CREATED, equipment.id)
    return equipment


async def change_status(work: Work, id: UUID, status: Status, error_reason: str | None) -> Equipment:
    """Take equipment out of the inventory, or say that it never was in it; raise NotFound, Conflict, Rejected."""
    return await _saved(work, with_status(await _ours(work, id), status, error_reason), Event.STATUS_CHANGED)


async def change_availability(work: Work, id: UUID, availability: Availability) -> Equipment:
    """Say whether equipment can be used; raise NotFound, Conflict."""
    return await _saved(work, with_availability(await _ours(work, id), availability), Event.AVAILABILITY_CHANGED)


async def _ours(work: Work, id: UUID) -> Equipment:
    equipment = await store.find_equipment(work.db, id, lock=True)
    policy.must_be_ours(work.actor, equipment)
    return equipment


async def _saved(work: Work, equipment: Equipment, event: Event) -> Equipment:
    saved = replace(equipment, updated_at=work.now, updated_by=user_of(work.actor))
    await store.save(work.db, saved)
    work.record(event, saved.id)
    return saved


def _equipment(work: Work, details: EquipmentDetails, legal_entity_id: UUID) -> Equipment:
    by = user_of(work.actor)
    return Equipment(
        id=work.new_id(),
        legal_entity_id=legal_entity_id,
        inserted_at=work.now,
        inserted_by=by,
        updated_at=work.now,
        updated_by=by,
        **msgspec.structs.asdict(details),
    )


async def _must_be_recorder(work: Work, equipment: Equipment) -> None:
    try:
        employee = await find_employee(work.db, equipment.recorder)
    except NotFound as fault:
        raise rejected("$.recorder", "Employee with such ID is not found") from fault
    if employee.legal_entity_id != equipment.legal_entity_id:
        raise rejected("$.recorder", "Employee doesn't belong to your legal entity")
    if not employee.works:
        raise rejected("$.recorder", "Employee is not approved")


async def _must_be_defined(work: Work, equipment: Equipment) -> None:
    id = equipment.device_definition_id
    if id is None:
        return
    found = (await device_definitions.known(work.db, [id])).get(id)
    if found is None:
        raise rejected("$.device_definition_id", "Device definition with such ID is not found")
    if not found[1]:
        raise rejected("$.device_definition_id", "Device definition is not active")


async def _must_be_parent(work: Work, equipment: Equipment) -> None:
    if equipment.parent_id is None:
        return
    try:
        parent = await store.find_equipment(work.db, equipment.parent_id)
    except NotFound as fault:
        raise rejected("$.parent_id", "Equipment with such ID is not found") from fault
    if parent.legal_entity_id != equipment.legal_entity_id:
        raise rejected("$.parent_id", "Equipment doesn't belong to your legal entity")
    if parent.status is not Status.ACTIVE:
        raise rejected("$.parent_id", "Equipment is not active")
