"""What an owner signs to register a legal entity, and the НСЗУ to merge two: read and checked, never shown."""

from datetime import date
from uuid import UUID

import msgspec

from esoz.central.dictionaries import Address, Phone
from esoz.central.organisations import Accreditation, Archive, License, PublicOffer
from esoz.central.workforce import PartyContent, PartyDocument, RequestContent
from esoz.kernel.errors import Invalid, Rejected

from .model import NamedLegalEntity, owner_type

REQUIRED_OF_LICENSE = ("type", "issued_by", "issued_date", "active_from_date", "order_no")


class LicenseBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A license that is told, or only the id of one we hold."""

    id: UUID | None = None
    type: str | None = None
    issued_by: str | None = None
    issued_date: date | None = None
    active_from_date: date | None = None
    order_no: str | None = None
    license_number: str | None = None
    expiry_date: date | None = None
    what_licensed: str | None = None

    def new_license(self, id: UUID) -> License | None:
        """A license by a new id; None when one that we hold is named (LE-9). Raise Rejected naming the fields."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name != "id"}
        if self.id is not None:
            extra = [name for name, value in fields.items() if value is not None]
            if extra:
                message = "schema does not allow additional properties"
                raise Rejected(invalid=tuple(Invalid(f"$.license.{name}", "schema", message) for name in extra))
            return None
        missing = [name for name in REQUIRED_OF_LICENSE if fields[name] is None]
        if missing:
            raise Rejected(invalid=tuple(_required(f"$.license.{name}", name) for name in missing))
        return License(id=id, **fields)


class Owner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers for the legal entity; `employee_id` when the owner's data change."""

    first_name: str
    last_name: str
    tax_id: str
    birth_date: date
    gender: str
    email: str
    documents: tuple[PartyDocument, ...]
    phones: tuple[Phone, ...]
    position: str
    second_name: str | None = None
    employee_id: UUID | None = None
    no_tax_id: bool = False

    def as_request(self, legal_entity_type: str, start_date: date) -> RequestContent:
        """The invitation of the owner (LE-15)."""
        names = PartyContent.__struct_fields__
        party = PartyContent(**{name: getattr(self, name) for name in names if hasattr(self, name)})
        return RequestContent(
            position=self.position,
            start_date=start_date,
            status="NEW",
            employee_type=owner_type(legal_entity_type),
            party=party,
            employee_id=self.employee_id,
        )


class Security(msgspec.Struct, frozen=True):
    redirect_uri: str


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the owner signed."""

    edrpou: str
    type: str
    residence_address: Address
    phones: tuple[Phone, ...]
    email: str
    owner: Owner
    security: Security
    public_offer: PublicOffer
    license: LicenseBody
    website: str | None = None
    receiver_funds_code: str | None = None
    beneficiary: str | None = None
    accreditation: Accreditation | None = None
    archive: tuple[Archive, ...] = ()


class Merging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the НСЗУ signs to merge one legal entity into another."""

    merged_from_legal_entity: NamedLegalEntity
    merged_to_legal_entity: NamedLegalEntity
    reason: str


def _required(place: str, name: str) -> Invalid:
    return Invalid(place, "required", f"required property {name} was not present")
