"""Legal entities and divisions as published."""

from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.central.dictionaries import given
from esoz.kernel.errors import Invalid, Rejected

from .model import Division, LegalEntity, Related

JSON: TypeAlias = dict[str, object]


class DivisionsQuery(msgspec.Struct, frozen=True):
    ids: str | None = None
    name: str | None = None
    legal_entity_id: UUID | None = None
    type: str | None = None
    status: str | None = None

    def chosen(self) -> list[UUID] | None:
        """`ids` is a list with commas; raise Rejected when one of them is no UUID."""
        if self.ids is None:
            return None
        try:
            return [UUID(id.strip()) for id in self.ids.split(",")]
        except ValueError as fault:
            raise Rejected(invalid=(Invalid("$.ids", "invalid", "Expected UUIDs", (), "query_parameter"),)) from fault


def legal_entity_in_list(entity: LegalEntity) -> JSON:
    """A legal entity in the list."""
    return given(
        id=entity.id,
        edr=entity.edr,
        edrpou=entity.edrpou,
        type=entity.type,
        residence_address=entity.residence_address,
        phones=entity.phones,
        email=entity.email,
        website=entity.website,
        receiver_funds_code=entity.receiver_funds_code,
        beneficiary=entity.beneficiary,
        accreditation=entity.accreditation,
        license=entity.license,
        archive=entity.archive,
        public_offer=entity.public_offer,
        status=entity.status,
    )


def legal_entity(entity: LegalEntity) -> JSON:
    """The details of a legal entity."""
    return legal_entity_in_list(entity) | given(
        nhs_verified=entity.nhs_verified, nhs_reviewed=entity.nhs_reviewed, nhs_comment=entity.nhs_comment
    )


def legal_entity_short(entity: LegalEntity) -> JSON:
    """A legal entity inside another record; register records without a short name repeat the full one."""
    return {
        "id": entity.id,
        "name": entity.name,
        "short_name": entity.edr.short_name or entity.name,
        "public_name": entity.edr.public_name or entity.name,
        "type": entity.type,
        "edrpou": entity.edrpou,
        "status": entity.status,
    }


def related(row: Related) -> JSON:
    merged = row.merged_from
    return given(
        merged_from_legal_entity={"id": merged.id, "name": merged.name, "edrpou": merged.edrpou},
        reason=row.reason,
        reason_date=row.reason_date,
        type=row.type,
        is_active=row.is_active,
        inserted_at=row.inserted_at,
        inserted_by=row.inserted_by,
    )


def division(division: Division) -> JSON:
    """The details of a division; the list shows the same."""
    known = division.latitude is not None and division.longitude is not None
    return given(
        id=division.id,
        name=division.name,
        addresses=division.addresses,
        phones=division.phones,
        email=division.email,
        working_hours=division.working_hours,
        type=division.type,
        legal_entity_id=division.legal_entity_id,
        external_id=division.external_id,
        location={"latitude": division.latitude, "longitude": division.longitude} if known else None,
        status=division.status,
        mountain_group=division.mountain_group,
        dls_id=division.dls_id,
        dls_verified=division.dls_verified,
    )


def division_short(division: Division) -> JSON:
    """A division inside another record."""
    return given(
        id=division.id,
        name=division.name,
        legal_entity_id=division.legal_entity_id,
        type=division.type,
        status=division.status,
        mountain_group=division.mountain_group,
        dls_id=division.dls_id,
        dls_verified=division.dls_verified,
    )
