"""Changes of divisions."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from esoz.central.dictionaries import must_be_known
from esoz.kernel.errors import Conflict, Invalid, Rejected
from esoz.kernel.states import move
from esoz.kernel.work import Work

from .. import policy, store
from ..model import (
    DIVISION_MOVES,
    DIVISION_TYPES,
    Division,
    DivisionDetails,
    DivisionStatus,
    Event,
    LegalEntity,
    Status,
    hours_fault,
    location_faults,
    phone_faults,
    repeated,
    zip_faults,
)
from .drug_control import follow_drug_control


async def create_division(
    work: Work, details: DivisionDetails, *, legal_entity_id: UUID, id: UUID | None = None
) -> Division:
    """Open a division of a legal entity; raise Rejected naming the fields, or Conflict (DV-1)."""
    entity = await _entity(work, legal_entity_id)
    division = Division(
        id=id or work.new_id(),
        legal_entity_id=legal_entity_id,
        status=DivisionStatus.ACTIVE,
        inserted_at=work.now,
        updated_at=work.now,
        **await _fields(work, details, entity),
    )
    await store.add_division(work.db, division)
    work.record(Event.DIVISION_CREATED, division.id)
    return await _as_licensed(work, division)


async def update_division(work: Work, id: UUID, details: DivisionDetails) -> Division:
    """Write what is told now of our own division; what the drug-control register says of it stays.

    Raises NotFound for another's, Rejected naming the fields, Conflict (DV-1).
    """
    division = await store.find_division(work.db, id, lock=True)
    policy.must_be_our_division(work.actor, division)
    fields = await _fields(work, details, await _entity(work, division.legal_entity_id))
    register = {"dls_id": division.dls_id, "dls_verified": division.dls_verified}
    division = replace(division, **fields | register, updated_at=work.now)
    await store.save_division(work.db, division)
    work.record(Event.DIVISION_UPDATED, id)
    return await _as_licensed(work, division)


async def activate_division(work: Work, id: UUID) -> Division:
    """Receive patients here again (DV-6); raise NotFound or Conflict."""
    return await _moved(work, id, DivisionStatus.ACTIVE, Event.DIVISION_ACTIVATED)


async def deactivate_division(work: Work, id: UUID) -> Division:
    """Receive nobody here any more (DV-6); raise NotFound or Conflict."""
    return await _moved(work, id, DivisionStatus.INACTIVE, Event.DIVISION_DEACTIVATED)


async def _moved(work: Work, id: UUID, target: DivisionStatus, event: Event) -> Division:
    division = await store.find_division(work.db, id, lock=True)
    policy.must_be_our_division(work.actor, division)
    await _entity(work, division.legal_entity_id)
    status = move(DIVISION_MOVES, division.status, target)
    # DV-6: the status and the flag go together.
    division = replace(division, status=status, is_active=target is DivisionStatus.ACTIVE, updated_at=work.now)
    await store.save_division(work.db, division)
    work.record(event, id)
    return division


async def _as_licensed(work: Work, division: Division) -> Division:
    """The division as the register of drug control has it at its address of now (DV-6)."""
    changed = await follow_drug_control(work, division.id)
    return await store.find_division(work.db, division.id) if changed else division


async def _entity(work: Work, legal_entity_id: UUID) -> LegalEntity:
    # DV-1
    entity = await store.find_legal_entity(work.db, legal_entity_id)
    if not entity.is_active or entity.status not in (Status.ACTIVE, Status.SUSPENDED):
        raise Conflict("Legal entity is not active")
    return entity


async def _fields(work: Work, details: DivisionDetails, entity: LegalEntity) -> dict[str, Any]:
    """What is told of a division, checked, with what follows from its place."""
    faults = tuple(_division_faults(details, entity.type))
    if faults:
        raise Rejected(invalid=faults)
    await must_be_known(work.db, details.addresses, entry="$.addresses")
    fields = {name: getattr(details, name) for name in DivisionDetails.__dataclass_fields__}
    # DV-4: by the settlement of the first address.
    mountain = await store.is_mountain(work.db, details.addresses[0].settlement_id)
    return fields | {"email": details.email.lower(), "mountain_group": mountain}


def _division_faults(details: DivisionDetails, legal_entity_type: str) -> Iterator[Invalid]:
    # DV-2, DV-3, DV-5
    if details.type not in DIVISION_TYPES.get(legal_entity_type, frozenset()):
        yield Invalid("$.type", "inclusion", "value is not allowed in enum")
    if repeated(address.type for address in details.addresses) is not None:
        yield Invalid("$.addresses", "invalid", "No duplicate values.")
    if sum(address.type == "RESIDENCE" for address in details.addresses) != 1:
        yield Invalid("$.addresses", "invalid", "Addresses with type RESIDENCE should be one and only one")
    yield from phone_faults(details.phones, "$.phones")
    yield from zip_faults(details.addresses, "$.addresses")
    yield from location_faults(details.latitude, details.longitude)
    day = hours_fault(details.working_hours or {})
    if day is not None:
        yield Invalid(f"$.working_hours.{day}", "invalid", "expected ranges HH.MM, each from before to")
