"""What a clinic signs to invite somebody: its shape, its schema, and what it means for hiring."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from uuid import UUID

import msgspec

from esoz import spec
from esoz.central.dictionaries import Phone, dictionaries
from esoz.kernel.errors import Invalid
from esoz.kernel.validation import Schema
from esoz.kernel.work import SchemaBook

from .model import BLOCKS, EmployeeDetails, PartyDetails, PartyDocument, Training

ROOT = "$.employee_request"


ID = "post_api_v2_employee_requests"


class PartyContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who is invited."""

    first_name: str
    last_name: str
    tax_id: str
    email: str
    birth_date: date
    gender: str
    second_name: str | None = None
    no_tax_id: bool = False
    documents: tuple[PartyDocument, ...] = ()
    phones: tuple[Phone, ...] = ()
    working_experience: int | None = None
    about_myself: str | None = None


class RequestContent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The position; one block of education by the type of the employee."""

    position: str
    start_date: date
    status: str
    employee_type: str
    party: PartyContent
    legal_entity_id: UUID | None = None
    division_id: UUID | None = None
    employee_id: UUID | None = None
    end_date: date | None = None
    doctor: Training | None = None
    specialist: Training | None = None
    assistant: Training | None = None
    pharmacist: Training | None = None
    laborant: Training | None = None
    med_admin: Training | None = None
    med_coordinator: Training | None = None

    def blocks(self) -> Mapping[str, Training | None]:
        """Every block of education by its name."""
        return {name: getattr(self, name) for name in BLOCKS.values()}

    def details(self) -> EmployeeDetails:
        """What is needed to hire."""
        party = PartyDetails(**{name: getattr(self.party, name) for name in PartyDetails.__dataclass_fields__})
        return EmployeeDetails(
            party=party,
            employee_type=self.employee_type,
            position=self.position,
            start_date=self.start_date,
            division_id=self.division_id,
            training=self.blocks().get(BLOCKS.get(self.employee_type, "")),
        )


class SignedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    employee_request: RequestContent


@cache
def _block_schema() -> Schema:
    """The published schema of the block `doctor`; the other blocks have its shape."""
    document = spec.signed_schema(ID, "$")
    assert document is not None
    return Schema({"$ref": "#/$defs/general.DoctorNew", "$defs": document["$defs"]}, dictionaries.codes)


def check_content(schemas: SchemaBook, content: Mapping[str, object]) -> None:
    """Floor one of a signed invitation; raise Rejected naming the fields."""
    schema = schemas.signed("POST", "/api/v2/employee_requests")
    assert schema is not None
    schema.check(content)
    request = content.get("employee_request")
    for name in BLOCKS.values():
        if name != "doctor" and isinstance(request, dict) and request.get(name) is not None:
            _block_schema().check(request[name], root=f"{ROOT}.{name}")


def content_faults(request: RequestContent, legal_entity_id: UUID) -> Iterator[Invalid]:
    """The clinic that a request names is the one that sends it, and work does not end before it begins."""
    if request.legal_entity_id not in (None, legal_entity_id):
        message = "does not match the legal entity of the token"
        yield Invalid(f"{ROOT}.legal_entity_id", "invalid", message)
    if request.end_date is not None and request.end_date < request.start_date:
        yield Invalid(f"{ROOT}.end_date", "invalid", "end_date must be greater than or equal to start_date")
