"""Legal entities and divisions as published."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from typing import Annotated
from uuid import UUID

import msgspec

from esoz import spec
from esoz.central.dictionaries import Address, Phone, dictionaries
from esoz.kernel.errors import Invalid, Rejected, rejected
from esoz.kernel.payload import JSON, omit_none
from esoz.kernel.validation import Schema, without_blanks

from .model import Division, DivisionDetails, LegalEntity, Related


def published_schema(operation_id: str, definition: str, field: str) -> Schema:
    """The published schema of a body without the enumeration of one field, which is narrower than its dictionary."""
    document = deepcopy(spec.request_schema(operation_id))  # the publication itself is for others as well
    assert document is not None
    document["$defs"][definition]["properties"][field].pop("enum")
    return Schema(without_blanks(document), dictionaries.codes)


@cache
def division_schema() -> Schema:
    """Schema validation of a division: the publication allows clinics only, the dictionary has pharmacies too."""
    return published_schema("post_api_divisions", "general.crud_division_post", "type")


class Location(msgspec.Struct, frozen=True):
    """Degrees of latitude and longitude."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class DivisionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of a division; the legal entity is always the caller's, whatever the body says (DV-7)."""

    name: str
    addresses: tuple[Address, ...]
    phones: tuple[Phone, ...]
    email: str
    type: str
    working_hours: Mapping[str, Sequence[Sequence[str]]] | None = None
    legal_entity_id: UUID | None = None
    external_id: str | None = None
    location: Location | None = None

    def details(self) -> DivisionDetails:
        """Raise Rejected when there is no address."""
        if not self.addresses:
            raise rejected("$.addresses", "expected at least 1 items", rule="length", params=[1])
        return DivisionDetails(
            name=self.name,
            type=self.type,
            addresses=self.addresses,
            phones=self.phones,
            email=self.email,
            working_hours=self.working_hours,
            external_id=self.external_id,
            latitude=self.location.latitude if self.location else None,
            longitude=self.location.longitude if self.location else None,
        )


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
    return omit_none(
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
        is_active=entity.is_active,
        inserted_at=entity.inserted_at,
        inserted_by=entity.inserted_by,
        updated_at=entity.updated_at,
        updated_by=entity.updated_by,
    )


def legal_entity(entity: LegalEntity) -> JSON:
    """The details of a legal entity."""
    return legal_entity_in_list(entity) | omit_none(
        nhs_verified=entity.nhs_verified, nhs_reviewed=entity.nhs_reviewed, nhs_comment=entity.nhs_comment
    )


def legal_entity_whole(entity: LegalEntity) -> JSON:
    """A legal entity after a change: the answers of the first version and of the second are published side by side."""
    return legal_entity(entity) | omit_none(
        name=entity.name,
        short_name=entity.edr.short_name or entity.name,
        public_name=entity.edr.public_name or entity.name,
        kveds=[kved.code for kved in entity.edr.kveds],
        addresses=[entity.residence_address],
        medical_service_provider=omit_none(
            licenses=[entity.license] if entity.license else [], accreditation=entity.accreditation
        ),
        # Required by the publication, though not everyone has them.
        owner_property_type=entity.owner_property_type,
        legal_form=entity.edr.legal_form,
        created_by_mis_client_id=entity.created_by_mis_id,
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
    return omit_none(
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
    return omit_none(
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
    return omit_none(
        id=division.id,
        name=division.name,
        legal_entity_id=division.legal_entity_id,
        type=division.type,
        status=division.status,
        mountain_group=division.mountain_group,
        dls_id=division.dls_id,
        dls_verified=division.dls_verified,
    )
