"""Changes of legal entities."""

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import msgspec

from esoz.central import identity
from esoz.central.dictionaries import must_be_known
from esoz.kernel.errors import Conflict, Invalid, Rejected, rejected
from esoz.kernel.spelling import same_number
from esoz.kernel.work import Work

from .. import store
from ..consequences import Cause, consequences
from ..model import (
    LICENSE_TYPES,
    Event,
    LegalEntity,
    LegalEntityDetails,
    License,
    Status,
    close,
    phone_faults,
    zip_faults,
)

_EDRPOU = re.compile(r"\d{8,10}", re.ASCII)  # LE-5


async def create_legal_entity(work: Work, details: LegalEntityDetails, *, id: UUID | None = None) -> LegalEntity:
    """Register an acting legal entity and its OAuth client of the same id (LE-7, LE-14).

    Raises Rejected naming the fields, or Conflict when this code and type acts already.
    """
    await _must_be_valid(work, details)
    if any(each.acts and each.type == details.type for each in await store.with_code(work.db, details.edrpou)):
        raise Conflict("Legal entity with such edrpou and type already exists")
    license = details.license
    if details.license_id is not None:
        license = await _named_license(work, details, None)
    entity = _legal_entity(work, details, license, id or work.new_id())
    await store.add_legal_entity(work.db, entity)
    await identity.create_client(work, id=entity.id, name=entity.name, type=entity.type)
    work.record(Event.LEGAL_ENTITY_CREATED, entity.id)
    return entity


async def update_legal_entity(work: Work, entity: LegalEntity, details: LegalEntityDetails) -> LegalEntity:
    """Write what is told now of a legal entity that acts (LE-6); raise Rejected naming the fields.

    Its code never changes, and it stays verified as before.
    """
    await _must_be_valid(work, details)
    fields = {name: getattr(details, name) for name in _DETAILS}
    license = await _changed_license(work, entity, details)
    changed = replace(
        entity,
        **fields,
        type=details.type,
        name=details.edr.name,
        email=details.email.lower(),
        license=license,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
    await store.save_legal_entity(work.db, changed)
    await identity.rename_client(work, changed.id, name=changed.name, type=changed.type)
    causes = changes_of(entity, changed)
    work.record(Event.LEGAL_ENTITY_UPDATED, entity.id, changed=[str(each) for each in causes])
    await consequences.of(work, entity.id, *causes)
    return changed


async def close_legal_entity(work: Work, id: UUID) -> LegalEntity:
    """End a legal entity; its workers are dismissed by who calls this (LE-19). Raise NotFound or Conflict."""
    entity = close(await store.find_legal_entity(work.db, id, lock=True), work.today)
    entity = replace(entity, updated_at=work.now, updated_by=work.actor.user_id)
    await store.save_legal_entity(work.db, entity)
    work.record(Event.LEGAL_ENTITY_CLOSED, id)
    await consequences.of(work, id, Cause.CHANGED, Cause.STATUS)
    return entity


def changes_of(before: LegalEntity, after: LegalEntity) -> list[Cause]:
    """What contracts are told of an update (LE-16)."""
    causes = [Cause.CHANGED]
    if before.name != after.name:
        causes.append(Cause.NAME)
    places = [(each.residence_address, each.edr.registration_address) for each in (before, after)]
    if places[0] != places[1]:
        causes.append(Cause.ADDRESS)
    return causes


_DETAILS = (
    "edr",
    "residence_address",
    "phones",
    "public_offer",
    "website",
    "owner_property_type",
    "receiver_funds_code",
    "beneficiary",
    "accreditation",
    "archive",
)


def _legal_entity(work: Work, details: LegalEntityDetails, license: License | None, id: UUID) -> LegalEntity:
    return LegalEntity(
        id=id,
        edrpou=details.edrpou,
        type=details.type,
        status=Status.ACTIVE,
        name=details.edr.name,
        email=details.email.lower(),
        license=license,
        created_by_mis_id=work.actor.mis_id,
        inserted_at=work.now,
        inserted_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
        **{name: getattr(details, name) for name in _DETAILS},
    )


async def _changed_license(work: Work, entity: LegalEntity, details: LegalEntityDetails) -> License | None:
    """The license it works under from now on: one it has, or the same one with what is told of it now."""
    if details.license_id is not None:
        license = await _named_license(work, details, entity.id)
        if license.id == details.license_id:
            await store.make_primary(work.db, entity.id, license.id, work.now)
        else:
            await store.add_license(work.db, license, entity.id, work.now)
        return license
    if details.license is None:
        return entity.license
    if entity.license is None or entity.license.type != details.license.type:
        await store.add_license(work.db, details.license, entity.id, work.now)
        return details.license
    license = msgspec.structs.replace(details.license, id=entity.license.id)
    await store.save_license(work.db, license, work.now)
    return license


async def _named_license(work: Work, details: LegalEntityDetails, entity_id: UUID | None) -> License:
    """A license named by its id; one of a sister of the same code is copied, for each has its own (LE-9)."""
    # LE-9: exists, of this type, of the same entity of the register, not past its term.
    assert details.license_id is not None
    found = await store.find_license(work.db, details.license_id)
    if found is None:
        raise rejected("$.license.id", "License not found")
    license, owner_id = found
    if license.type != LICENSE_TYPES.get(details.type):
        raise rejected("$.license.id", "Legal entity type and license type mismatch")
    owner = await store.find_legal_entity(work.db, owner_id)
    if not same_number(owner.edrpou, details.edrpou):
        raise rejected("$.license.id", "License doesn't correspond to your legal entity")
    if license.expiry_date is not None and license.expiry_date < work.today:
        raise rejected("$.license.id", "License is expired")
    return license if owner.id == entity_id else msgspec.structs.replace(license, id=work.new_id())


async def _must_be_valid(work: Work, details: LegalEntityDetails) -> None:
    faults = tuple(_legal_entity_faults(details))
    if faults:
        raise Rejected(invalid=faults)
    await must_be_known(work.db, [details.residence_address], entry="$.residence_address")


def _legal_entity_faults(details: LegalEntityDetails) -> Iterator[Invalid]:
    # LE-3, LE-5, LE-8, LE-10
    if not _EDRPOU.fullmatch(details.edrpou):
        yield Invalid("$.edrpou", "format", "string does not match pattern ^[0-9]{8,10}$")
    if details.type not in LICENSE_TYPES:
        yield Invalid("$.type", "inclusion", "value is not allowed in enum")
    if not same_number(details.edr.edrpou, details.edrpou) or details.edr.state != 1:
        yield Invalid("$.edrpou", "invalid", "Provided EDRPOU is not active in EDR")
    yield from phone_faults(details.phones, "$.phones")
    yield from zip_faults([details.residence_address], "$.residence_address")
    if details.residence_address.type != "RESIDENCE":
        yield Invalid("$.residence_address.type", "inclusion", "value is not allowed in enum")
    if not details.public_offer.consent:
        yield Invalid("$.public_offer.consent", "acceptance", "consent is mandatory")
    yield from _license_faults(details)


def _license_faults(details: LegalEntityDetails) -> Iterator[Invalid]:
    license = details.license
    if details.license_id is not None:
        return  # checked where it is looked up
    if license is None:
        yield Invalid("$.license", "required", "License is needed for chosen legal entity type")
    elif license.type != LICENSE_TYPES.get(details.type):
        yield Invalid("$.license.type", "invalid", "License is not needed for chosen legal entity type")
    elif license.type == "PHARMACY" and not license.license_number:
        yield Invalid("$.license.license_number", "required", "required property license_number was not present")
