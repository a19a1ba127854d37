"""Licenses of a legal entity: shape and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict, Invalid


class Event(StrEnum):
    """What the audit log tells of this context."""

    LICENSES_READ = "licenses.read"
    LICENSE_CREATED = "license.created"
    LICENSE_UPDATED = "license.updated"


# The published dictionary LICENSE_TYPE by who may practise so: care, or the making and sale of medicines.
_CARE = frozenset({"MSP", "PHARMACY_DRUGS"})
# Two codes are ours, for the published dictionary does not name them: NARCOTIC_DRUGS, for ф-3 asks for a licence of its
# own, and WHOLESALE_DRUGS, by which distributors supply institutions.
_MEDICINES = frozenset({"PHARMACY", "PHARMACY_DRUGS", "NARCOTIC_DRUGS", "WHOLESALE_DRUGS"})
TYPES: Mapping[str, frozenset[str]] = {
    "PRIMARY_CARE": _CARE,
    "OUTPATIENT": _CARE,
    "EMERGENCY": _CARE,
    "MSP": _CARE,
    "MSP_PHARMACY": _CARE | _MEDICINES,
    "PHARMACY": _MEDICINES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseRecord:
    """A license with its owner."""

    id: UUID
    legal_entity_id: UUID
    is_primary: bool
    type: str
    issued_by: str
    issued_date: date
    active_from_date: date
    inserted_at: datetime
    updated_at: datetime
    license_number: str | None = None
    expiry_date: date | None = None
    what_licensed: str | None = None
    order_no: str | None = None
    is_active: bool = True
    inserted_by: UUID | None = None
    updated_by: UUID | None = None

    def is_over(self, today: date) -> bool:
        """Whether its term has passed; the last day still counts."""
        return self.expiry_date is not None and self.expiry_date < today

    def is_in_force(self, today: date) -> bool:
        """Whether one may practise under it today."""
        return self.active_from_date <= today and not self.is_over(today)


class LicenseDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is told of a license, by the published names."""

    type: str
    issued_by: str
    issued_date: date
    active_from_date: date
    is_primary: bool
    license_number: str | None = None
    expiry_date: date | None = None
    what_licensed: str | None = None
    order_no: str | None = None


class LicenseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    id: UUID | None = None
    license_number: str | None = None
    type: str | None = None
    is_primary: bool | None = None


class PrimaryLicense(Conflict):
    """The primary license changes together with its legal entity."""

    default = "Primary license must be updated with Create/Update Legal Entity"


def faults(record: LicenseRecord, legal_entity_type: str, days: Days) -> Iterator[Invalid]:
    """What is wrong with an additional license, by fields."""
    # LE-8, LE-9 for the types, the number of a pharmacy's and the term.
    if record.is_primary:
        yield Invalid("$.is_primary", "inclusion", "value is not allowed in enum", [False])
    if record.type not in TYPES.get(legal_entity_type, frozenset()):
        yield Invalid("$.type", "invalid", "Legal entity type and license type mismatch")
    if record.type in _MEDICINES and not record.license_number:
        yield Invalid("$.license_number", "required", "required property license_number was not present")
    if record.issued_date > days.latest:
        yield Invalid("$.issued_date", "invalid", "Issued date can't be in the future")
    if record.active_from_date < record.issued_date:
        yield Invalid("$.active_from_date", "invalid", "Active from date should be greater or equal to issued date")
    if record.expiry_date is not None and record.expiry_date < record.active_from_date:
        yield Invalid("$.expiry_date", "invalid", "Expiry date should be greater or equal to active from date")
    elif record.is_over(days.earliest):
        yield Invalid("$.expiry_date", "invalid", "License is expired")
