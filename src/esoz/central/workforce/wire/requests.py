"""Invitations to work as published."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from uuid import UUID

import msgspec

from esoz import spec
from esoz.central.dictionaries import Phone, dictionaries, given
from esoz.kernel.db import Row
from esoz.kernel.validation import Schema
from esoz.kernel.work import SchemaBook

from ..commands.hiring import EmployeeDetails, PartyDetails
from ..model import BLOCKS, TERM, EmployeeRequest, PartyDocument, RequestStatus, Training
from .employees import JSON

ROOT = "$.employee_request"
ID = "post_api_v2_employee_requests"


class PartyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
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


class RequestBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is told of the position; one block of education by the type of the employee."""

    position: str
    start_date: date
    status: str
    employee_type: str
    party: PartyBody
    division_id: UUID | None = None
    employee_id: UUID | None = None
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


class SignedBody(msgspec.Struct, frozen=True):
    """Base64 of a signed document."""

    signed_content: str
    signed_content_encoding: str = "base64"


class SignedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    employee_request: RequestBody


@cache
def _block_schema() -> Schema:
    """The published schema of the block `doctor`; the other blocks have its shape."""
    document = spec.signed_schema(ID, "$")
    assert document is not None
    return Schema({"$ref": "#/$defs/general.DoctorNew", "$defs": document["$defs"]}, dictionaries.codes)


def check_content(schemas: SchemaBook, content: Mapping[str, object]) -> None:
    """Schema validation of a signed invitation; raise Rejected naming the fields."""
    schema = schemas.signed("POST", "/api/v2/employee_requests")
    assert schema is not None
    schema.check(content)
    told = content.get("employee_request")
    for name in BLOCKS.values():
        if name != "doctor" and isinstance(told, dict) and told.get(name) is not None:
            _block_schema().check(told[name], root=f"{ROOT}.{name}")


def request(request: EmployeeRequest) -> JSON:
    """The details of an invitation."""
    told = {name: value for name, value in request.content.items() if name not in ("status", "employee_id")}
    told["start_date"] = f"{told['start_date']}T00:00:00Z"  # a date in the request, a moment in the answer
    return given(
        id=request.id,
        legal_entity_id=request.legal_entity_id,
        status=request.status,
        inserted_at=request.inserted_at,
        updated_at=request.updated_at,
        **told,
    )


def request_in_list(row: Row, now: datetime) -> JSON:
    """An invitation in the list."""
    overdue = row["status"] == RequestStatus.NEW and row["inserted_at"] <= now - TERM
    return given(
        id=row["id"],
        status=RequestStatus.EXPIRED if overdue else row["status"],
        inserted_at=row["inserted_at"],
        edrpou=row["edrpou"],
        legal_entity_name=row["legal_entity_name"],
        no_tax_id=row["no_tax_id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        second_name=row["second_name"],
    )


def answered(request: EmployeeRequest) -> JSON:
    """How an invitation was answered, for the MIS it came through."""
    return given(id=request.id, employee_id=request.employee_id, status=request.status, updated_at=request.updated_at)
