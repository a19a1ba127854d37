"""Licenses as published."""

from functools import cache

from esoz.central.organisations import published_schema
from esoz.kernel.payload import JSON, omit_none
from esoz.kernel.validation import Schema

from .model import LicenseRecord


@cache
def license_schema() -> Schema:
    """Schema validation of a license: the publication allows MSP only, the dictionary has pharmacies' too."""
    return published_schema("post_api_licenses", "shared.request_5", "type")


def license(record: LicenseRecord) -> JSON:
    """A license in the list and after a change."""
    return omit_none(
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
        is_active=record.is_active,
        inserted_at=record.inserted_at,
        inserted_by=record.inserted_by,
        updated_at=record.updated_at,
        updated_by=record.updated_by,
    )
