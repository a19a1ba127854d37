"""Requests for declarations as published."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from esoz.central.people import mask_phone
from esoz.central.uploads import Expected
from esoz.kernel.db import Row
from esoz.kernel.payload import JSON, omit_none

from ..model import Declaration, DeclarationRequest
from ..model.declarations import LIVE


class Approval(msgspec.Struct, frozen=True):
    """Body of approve: the code is published as a number; there is none where papers confirm."""

    verification_code: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None

    def code(self) -> str | None:
        return None if self.verification_code is None else str(self.verification_code)


class SignedRequest(msgspec.Struct, frozen=True):
    """Body of sign."""

    signed_declaration_request: str
    signed_content_encoding: str = "base64"


def request(found: DeclarationRequest) -> JSON:
    """A request with what is to be signed, once the patient approved it."""
    return omit_none(
        id=found.id,
        start_date=found.start_date,
        end_date=found.end_date,
        person_id=found.person_id,
        employee_id=found.employee_id,
        division_id=found.division_id,
        declaration_number=found.declaration_number,
        declaration_id=found.declaration_id,
        parent_declaration_id=found.parent_declaration_id,
        status=found.status,
        status_reason=found.status_reason,
        system_declaration_limit=found.system_declaration_limit,
        current_declaration_count=found.current_declaration_count,
        channel=found.channel,
        authorize_with=found.authorize_with,
        data_to_be_signed=found.data_to_be_signed,
    )


def request_details(found: DeclarationRequest) -> JSON:
    """The same with the clinic."""
    return request(found) | {"legal_entity_id": found.legal_entity_id}


def request_in_list(row: Row) -> JSON:
    """A request in the list."""
    names = (
        "id",
        "start_date",
        "end_date",
        "status",
        "status_reason",
        "channel",
        "person_id",
        "employee_id",
        "division_id",
        "legal_entity_id",
        "authorize_with",
        "parent_declaration_id",
        "system_declaration_limit",
        "current_declaration_count",
    )
    return omit_none({name: row[name] for name in names})


def urgent(found: DeclarationRequest, documents: Iterable[Expected] = ()) -> JSON:
    """How the patient confirms, the phone masked (DC-10), and where scans are to be sent."""
    number = {"number": mask_phone(found.phone)} if found.phone else {}
    links = [{"type": each.type, "url": each.url} for each in documents]
    return {
        "authentication_method_current": {"type": found.method, **number},
        **({"documents": links} if links else {}),
    }


def declaration_short(made: Declaration) -> JSON:
    """The declaration that a signature made."""
    return omit_none(
        id=made.id,
        start_date=made.start_date,
        end_date=made.end_date,
        signed_at=made.signed_at,
        status=made.status,
        declaration_request_id=made.declaration_request_id,
        person_id=made.person_id,
        legal_entity_id=made.legal_entity_id,
        employee_id=made.employee_id,
        division_id=made.division_id,
        inserted_at=made.inserted_at,
        is_active=made.status in LIVE,
        reason=made.reason,
        reason_description=made.reason_description,
    )
