"""Licenses as published."""

from datetime import date
from functools import cache
from typing import TypeAlias

import msgspec

from esoz.central.dictionaries import given
from esoz.central.organisations import published_schema
from esoz.kernel.validation import Schema

from .commands import LicenseDetails
from .model import LicenseRecord

JSON: TypeAlias = dict[str, object]


@cache
def license_schema() -> Schema:
    """Schema validation of a license: the publication allows MSP only, the dictionary has pharmacies' too."""
    return published_schema("post_api_licenses", "shared.request_5", "type")


class LicenseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of a license."""

    type: str
    issued_by: str
    issued_date: date
    active_from_date: date
    is_primary: bool
    license_number: str | None = None
    expiry_date: date | None = None
    what_licensed: str | None = None
    order_no: str | None = None

    def details(self) -> LicenseDetails:
        return LicenseDetails(**msgspec.structs.asdict(self))


def license(record: LicenseRecord) -> JSON:
    """A license in the list and after a change."""
    return given(
        id=record.id,
        type=record.type,
        license_number=record.license_number,
        issued_by=record.issued_by,
        issued_date=record.issued_date,
        expiry_date=record.expiry_date,
        active_from_date=record.active_from_date,
        what_licensed=record.what_licensed,
        order_no=record.order_no,
        legal_entity_id=record.legal_entity_id,
        is_primary=record.is_primary,
    )
