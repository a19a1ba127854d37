"""Changes of legal entities and divisions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from esoz.central import identity
from esoz.central.dictionaries import Address, Phone, must_be_known
from esoz.kernel.errors import Conflict, Invalid, Rejected
from esoz.kernel.work import Work

from . import store
from .model import (
    DIVISION_TYPES,
    EDR,
    LICENSE_TYPES,
    Accreditation,
    Archive,
    Division,
    DivisionStatus,
    Event,
    Hours,
    LegalEntity,
    License,
    PublicOffer,
    Status,
    hours_fault,
    repeated,
)

_EDRPOU = re.compile(r"\d{8,10}", re.ASCII)  # LE-5 (2019 source)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEntityDetails:
    """What is told of a legal entity at registration, with its record in the state register."""

    edrpou: str
    type: str
    edr: EDR
    residence_address: Address
    phones: Sequence[Phone]
    email: str
    public_offer: PublicOffer
    license: License | None
    website: str | None = None
    owner_property_type: str | None = None
    receiver_funds_code: str | None = None
    beneficiary: str | None = None
    accreditation: Accreditation | None = None
    archive: Sequence[Archive] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionDetails:
    """What is told of a division."""

    name: str
    type: str
    addresses: Sequence[Address]
    phones: Sequence[Phone]
    email: str
    working_hours: Hours | None = None
    external_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    dls_id: str | None = None
    dls_verified: bool | None = None


async def create_legal_entity(work: Work, details: LegalEntityDetails, *, id: UUID | None = None) -> LegalEntity:
    """Register an acting legal entity and its OAuth client of the same id (LE-7, LE-14).

    Raises Rejected naming the fields, or Conflict when this code and type acts already.
    """
    faults = tuple(_legal_entity_faults(details))
    if faults:
        raise Rejected(invalid=faults)
    await must_be_known(work.db, [details.residence_address], entry="$.residence_address")
    if await store.find_acting(work.db, details.edrpou, details.type) is not None:
        raise Conflict("Legal entity with such edrpou and type already exists")
    entity = _legal_entity(work, details, id or work.new_id())
    await store.add_legal_entity(work.db, entity, work.actor.user_id)
    await identity.create_client(work, id=entity.id, name=entity.name, type=entity.type)
    work.record(Event.LEGAL_ENTITY_CREATED, entity.id)
    return entity


def _legal_entity(work: Work, details: LegalEntityDetails, id: UUID) -> LegalEntity:
    return LegalEntity(
        id=id,
        edrpou=details.edrpou,
        type=details.type,
        status=Status.ACTIVE,
        name=details.edr.name,
        edr=details.edr,
        residence_address=details.residence_address,
        phones=details.phones,
        email=details.email.lower(),
        public_offer=details.public_offer,
        license=details.license,
        website=details.website,
        owner_property_type=details.owner_property_type,
        receiver_funds_code=details.receiver_funds_code,
        beneficiary=details.beneficiary,
        accreditation=details.accreditation,
        archive=details.archive,
        inserted_at=work.now,
        updated_at=work.now,
    )


async def create_division(
    work: Work, details: DivisionDetails, *, legal_entity_id: UUID, id: UUID | None = None
) -> Division:
    """Open a division of a legal entity; raise Rejected naming the fields, or Conflict (DV-1)."""
    entity = await store.find_legal_entity(work.db, legal_entity_id)
    if not entity.is_active or entity.status not in (Status.ACTIVE, Status.SUSPENDED):
        raise Conflict("Legal entity is not active")
    faults = tuple(_division_faults(details, entity.type))
    if faults:
        raise Rejected(invalid=faults)
    await must_be_known(work.db, details.addresses, entry="$.addresses")
    division = Division(
        id=id or work.new_id(),
        legal_entity_id=legal_entity_id,
        name=details.name,
        type=details.type,
        status=DivisionStatus.ACTIVE,
        addresses=details.addresses,
        phones=details.phones,
        email=details.email.lower(),
        working_hours=details.working_hours,
        external_id=details.external_id,
        latitude=details.latitude,
        longitude=details.longitude,
        dls_id=details.dls_id,
        dls_verified=details.dls_verified,
        # DV-4 (2019 source): by the settlement of the first address.
        mountain_group=await store.is_mountain(work.db, details.addresses[0].settlement_id),
        inserted_at=work.now,
        updated_at=work.now,
    )
    await store.add_division(work.db, division)
    work.record(Event.DIVISION_CREATED, division.id)
    return division


def _legal_entity_faults(details: LegalEntityDetails) -> Iterator[Invalid]:
    # LE-3, LE-5, LE-8, LE-10 (2019 source)
    if not _EDRPOU.fullmatch(details.edrpou):
        yield Invalid("$.edrpou", "format", "string does not match pattern ^[0-9]{8,10}$")
    if details.type not in LICENSE_TYPES:
        yield Invalid("$.type", "inclusion", "value is not allowed in enum")
    if details.edr.edrpou != details.edrpou or details.edr.state != 1:
        yield Invalid("$.edrpou", "invalid", "Provided EDRPOU is not active in EDR")
    if repeated(phone.type for phone in details.phones) is not None:
        yield Invalid("$.phones", "invalid", "No duplicate values.")
    if details.residence_address.type != "RESIDENCE":
        yield Invalid("$.residence_address.type", "inclusion", "value is not allowed in enum")
    if not details.public_offer.consent:
        yield Invalid("$.public_offer.consent", "acceptance", "consent is mandatory")
    yield from _license_faults(details)


def _license_faults(details: LegalEntityDetails) -> Iterator[Invalid]:
    license = details.license
    if license is None:
        yield Invalid("$.license", "required", "License is needed for chosen legal entity type")
    elif license.type != LICENSE_TYPES.get(details.type):
        yield Invalid("$.license.type", "invalid", "License is not needed for chosen legal entity type")
    elif license.type == "PHARMACY" and not license.license_number:
        yield Invalid("$.license.license_number", "required", "required property license_number was not present")


def _division_faults(details: DivisionDetails, legal_entity_type: str) -> Iterator[Invalid]:
    # DV-2, DV-3, DV-5 (2019 source)
    if details.type not in DIVISION_TYPES.get(legal_entity_type, frozenset()):
        yield Invalid("$.type", "inclusion", "value is not allowed in enum")
    if repeated(address.type for address in details.addresses) is not None:
        yield Invalid("$.addresses", "invalid", "No duplicate values.")
    if sum(address.type == "RESIDENCE" for address in details.addresses) != 1:
        yield Invalid("$.addresses", "invalid", "Addresses with type RESIDENCE should be one and only one")
    if repeated(phone.type for phone in details.phones) is not None:
        yield Invalid("$.phones", "invalid", "No duplicate values.")
    day = hours_fault(details.working_hours or {})
    if day is not None:
        yield Invalid(f"$.working_hours.{day}", "invalid", "expected ranges HH.MM, each from before to")
