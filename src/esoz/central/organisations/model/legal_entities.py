"""Legal entities: their shapes, statuses and rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Address, Phone
from esoz.kernel.errors import Conflict, rejected
from esoz.kernel.states import move


class Status(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
    REORGANIZED = "REORGANIZED"


# LE-18, LE-19, LE-21: suspension by hand or by term, closing, merging into another.
MOVES = {
    Status.ACTIVE: frozenset({Status.SUSPENDED, Status.CLOSED, Status.REORGANIZED}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.CLOSED, Status.REORGANIZED}),
    Status.CLOSED: frozenset[Status](),
    Status.REORGANIZED: frozenset[Status](),
}


REGISTERED = 1  # state of a record of the state register: the legal entity exists
AUTO_SUSPENSION = "AUTO_SUSPEND"  # LE-22
MANUAL = "MANUAL_LEGAL_ENTITY_STATUS_UPDATE"  # LE-18
UNVERIFIED_TERM = timedelta(days=90)  # LE-22: how long one may work that the НСЗУ no longer verifies
REORGANIZATION = "auto_reorganization"  # LE-21
# LE-20, EMERGENCY by the types of 2026.
_MERGEABLE = frozenset({"MSP", "MSP_PHARMACY", "OUTPATIENT", "PHARMACY", "PRIMARY_CARE", "EMERGENCY"})
_ONE_KIND = frozenset({"MSP", "PRIMARY_CARE"})
AUTO_DEACTIVATION = "AUTO_DEACTIVATION_LEGAL_ENTITY"  # LE-19


# LE-8: one license, of the kind that the type of legal entity works under.
LICENSE_TYPES: Mapping[str, str] = {
    "PRIMARY_CARE": "MSP",
    "OUTPATIENT": "MSP",
    "EMERGENCY": "MSP",
    "MSP": "MSP",
    "PHARMACY": "PHARMACY",
}


class Kved(msgspec.Struct, frozen=True):
    """A kind of economic activity."""

    name: str
    code: str
    is_primary: bool


class EDR(msgspec.Struct, frozen=True, omit_defaults=True):
    """The record of the state register of legal entities; `state` 1 means registered."""

    id: UUID
    name: str
    edrpou: str
    kveds: Sequence[Kved]
    registration_address: Mapping[str, object]
    state: int
    short_name: str | None = None
    public_name: str | None = None
    legal_form: str | None = None


class License(msgspec.Struct, frozen=True, omit_defaults=True):
    """A permission to practise."""

    id: UUID
    type: str
    issued_by: str
    issued_date: date
    active_from_date: date
    order_no: str | None = None
    license_number: str | None = None
    expiry_date: date | None = None
    what_licensed: str | None = None


class Accreditation(msgspec.Struct, frozen=True, omit_defaults=True):
    """The category a clinic was accredited with."""

    category: str
    order_no: str
    order_date: date
    issued_date: date | None = None
    expiry_date: date | None = None


class Archive(msgspec.Struct, frozen=True):
    """Where paper records are kept since when."""

    date: date
    place: str


class PublicOffer(msgspec.Struct, frozen=True):
    """The consent of the owner with the rules of the system."""

    consent_text: str
    consent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEntity:
    """A clinic or a pharmacy; its id is also the id of its OAuth client."""

    id: UUID
    edrpou: str
    type: str
    status: Status
    name: str
    edr: EDR
    residence_address: Address
    phones: Sequence[Phone]
    email: str
    public_offer: PublicOffer
    inserted_at: datetime
    updated_at: datetime
    license: License | None = None
    is_active: bool = True
    website: str | None = None
    owner_property_type: str | None = None
    receiver_funds_code: str | None = None
    beneficiary: str | None = None
    accreditation: Accreditation | None = None
    archive: Sequence[Archive] = ()
    mis_verified: str = "VERIFIED"
    nhs_verified: bool = False
    nhs_reviewed: bool = False
    nhs_unverified_at: datetime | None = None
    nhs_comment: str | None = None
    status_reason: str | None = None
    end_date: date | None = None
    created_by_mis_id: UUID | None = None
    inserted_by: UUID | None = None
    updated_by: UUID | None = None

    @property
    def acts(self) -> bool:
        """Whether it may register, record and prescribe."""
        return self.is_active and self.status is Status.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalEntityDetails:
    """What is told of a legal entity, with its record in the state register; `license_id` names one we hold already."""

    edrpou: str
    type: str
    edr: EDR
    residence_address: Address
    phones: Sequence[Phone]
    email: str
    public_offer: PublicOffer
    license: License | None
    license_id: UUID | None = None
    website: str | None = None
    owner_property_type: str | None = None
    receiver_funds_code: str | None = None
    beneficiary: str | None = None
    accreditation: Accreditation | None = None
    archive: Sequence[Archive] = ()


class LegalEntityFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    legal_entity_id: UUID | None = None
    edrpou: str | None = None
    settlement_id: UUID | None = None
    type: str | None = None
    status: str | None = None
    nhs_verified: bool | None = None


def active_record(records: Sequence[EDR]) -> EDR:
    """The one active record of a code; raise Rejected with the published texts (LE-10)."""
    # LE-10: exactly one record with state 1.
    active = [record for record in records if record.state == REGISTERED]
    if len(active) == 1:
        return active[0]
    message = "More than 1 active entities in EDR" if active else "Provided EDRPOU is not active in EDR"
    raise rejected("$.edrpou", message)


def verify(entity: LegalEntity) -> LegalEntity:
    """The legal entity as the НСЗУ verified it; only an acting one, and once (LE-17)."""
    if not entity.acts:
        raise Conflict("Legal entity is not ACTIVE and cannot be updated")
    if entity.nhs_verified:
        raise Conflict("LegalEntity is VERIFIED and cannot be VERIFIED.")
    return replace(entity, nhs_verified=True, nhs_reviewed=True, nhs_unverified_at=None)


def unverify(entity: LegalEntity, now: datetime) -> LegalEntity:
    """The legal entity as the НСЗУ no longer verifies it (LE-17); from now on its 90 days run (LE-22).

    It stays reviewed: somebody looked and decided.
    """
    if not entity.acts:
        raise Conflict("Legal entity is not ACTIVE and cannot be updated")
    if not entity.nhs_verified:
        raise Conflict("LegalEntity is NOT_VERIFIED and cannot be NOT_VERIFIED.")
    return replace(entity, nhs_verified=False, nhs_unverified_at=now)


def unverified(entity: LegalEntity, now: datetime) -> LegalEntity:
    """The same when the state register tells otherwise of it (LE-23), whatever the status is: to be reviewed anew."""
    return replace(entity, nhs_verified=False, nhs_reviewed=False, nhs_unverified_at=now)


def is_verified_at(entity: LegalEntity, now: datetime) -> bool:
    """Whether it counts as verified: who only differs from the state register does, until its 90 days are over."""
    # LE-25: a corrected address in the register must not stop a hospital's prescriptions over night.
    since = entity.nhs_unverified_at
    waits = since is not None and not entity.nhs_reviewed and now - since <= UNVERIFIED_TERM
    return entity.nhs_verified or waits


def must_be_verified(entity: LegalEntity, now: datetime) -> None:
    """LE-25: raise Conflict with the published text unless the НСЗУ has verified it."""
    if not is_verified_at(entity, now):
        raise Conflict("Legal entity is not verified")


def with_status(entity: LegalEntity, status: Status) -> LegalEntity:
    """The legal entity suspended or active again by hand (LE-18)."""
    if status not in (Status.ACTIVE, Status.SUSPENDED) or not entity.is_active:
        raise Conflict("Incorrect status transition.")
    moved = move(MOVES, entity.status, status, message="Incorrect status transition.")
    # One that comes back is no longer waited for: the 90 days begin anew with the next loss of verification.
    since = entity.nhs_unverified_at if status is Status.SUSPENDED else None
    return replace(entity, status=moved, status_reason=MANUAL, nhs_unverified_at=since)


def differs_from(entity: LegalEntity, record: EDR) -> bool:
    """Whether the state register tells otherwise now than when it was copied, or has ended the record (LE-23)."""
    return entity.edr != msgspec.convert(msgspec.to_builtins(record), EDR)


def must_be_mergeable(source: LegalEntity, target: LegalEntity) -> None:
    """Raise Rejected or Conflict unless one legal entity may be merged into the other (LE-20)."""
    if source.id == target.id:
        raise rejected("$.merged_to_legal_entity.id", "Related legal entities can't be the same")
    kinds = {source.type, target.type}
    if not kinds <= _MERGEABLE or (len(kinds) > 1 and kinds != _ONE_KIND):
        raise rejected("$.merged_to_legal_entity.id", "Invalid legal entity type")
    if not target.acts:
        raise Conflict("Merged to legal entity must be active")
    if not source.is_active or source.status not in (Status.ACTIVE, Status.SUSPENDED):
        raise Conflict("Merged from legal entity must be active")


def reorganize(entity: LegalEntity, today: date) -> LegalEntity:
    """The legal entity as it goes into another (LE-21)."""
    status = move(MOVES, entity.status, Status.REORGANIZED)
    return replace(entity, status=status, status_reason=REORGANIZATION.upper(), end_date=today)


def close(entity: LegalEntity, today: date) -> LegalEntity:
    """The legal entity as it ends (LE-19); raise Conflict when it has ended before."""
    if not entity.is_active:
        raise Conflict("Invalid legal entity status")
    status = move(MOVES, entity.status, Status.CLOSED, message="Invalid legal entity status")
    return replace(entity, status=status, status_reason=AUTO_DEACTIVATION, end_date=today)


def same_type(requested: str, found: str) -> bool:
    """Whether a request for one type means a legal entity of another: primary care was MSP before (LE-6)."""
    return requested == found or (requested, found) == ("PRIMARY_CARE", "MSP")


@dataclass(frozen=True, slots=True)
class Related:
    """A legal entity that was merged into another."""

    merged_from: LegalEntity
    type: str
    reason: str
    reason_date: date | None
    is_active: bool
    inserted_at: datetime
    inserted_by: UUID
