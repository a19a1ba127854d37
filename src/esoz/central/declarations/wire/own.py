"""A patient's requests for declarations as cabinets are shown them."""

from datetime import date
from uuid import UUID

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.payload import JSON, omit_none

from ..model import DeclarationRequest
from ..model.requests import OwnRequestFilter, Status

SCOPE = "family doctor"  # spelled so here, and family_doctor in declarations


class NewOwnRequest(msgspec.Struct, frozen=True):
    """Body of create."""

    employee_id: UUID
    division_id: UUID


class SignedContent(msgspec.Struct, frozen=True):
    """Body of sign."""

    signed_content: str
    signed_content_encoding: str = "base64"


class OwnRequestsQuery(msgspec.Struct, frozen=True):
    """Filters of the list; statuses are published in small letters here, and taken in capitals too."""

    status: str | None = None
    channel: str | None = None
    start_date_from: date | None = None
    start_date_to: date | None = None
    end_date_from: date | None = None
    end_date_to: date | None = None

    def of(self, person_id: UUID) -> OwnRequestFilter:
        """The filters of a person; raise Rejected for a status that nobody knows."""
        given = msgspec.structs.asdict(self)
        status = given.pop("status")
        if status is not None and status.upper() not in set(Status):
            fault = Invalid("$.status", "inclusion", "value is not allowed in enum", sorted(Status), "query_parameter")
            raise Rejected(invalid=(fault,))
        return OwnRequestFilter(person_id=person_id, status=status and Status(status.upper()), **given)


def own_request_whole(found: DeclarationRequest, speciality: str | None) -> JSON:
    """A request with everyone in it, what is to be signed among it."""
    document = dict(found.data_to_be_signed or {})
    employee = document["employee"] | omit_none(speciality=speciality)
    parts = ("seed", "start_date", "end_date", "person", "legal_entity", "division", "content")
    return {
        "id": found.id,
        **{name: document[name] for name in parts},
        "employee": employee,
        "scope": SCOPE,
        "declaration_number": found.declaration_number,
        "declaration_id": found.declaration_id,
        "status": found.status,
        "channel": found.channel,
        "data_to_be_signed": document,
    }


def own_request(found: DeclarationRequest) -> JSON:
    """A request by its ids."""
    return omit_none(
        id=found.id,
        declaration_number=found.declaration_number,
        declaration_id=found.declaration_id,
        start_date=found.start_date,
        end_date=found.end_date,
        scope=SCOPE,
        status=found.status,
        status_reason=found.status_reason,
        current_declaration_count=found.current_declaration_count,
        system_declaration_limit=found.system_declaration_limit,
        patient_id=found.person_id,
        employee_id=found.employee_id,
        legal_entity_id=found.legal_entity_id,
        division_id=found.division_id,
        data_to_be_signed=found.data_to_be_signed,
        channel=found.channel,
    )


def own_request_in_list(row: Row) -> JSON:
    """A request in the patient's list."""
    return omit_none(
        id=row["id"],
        declaration_number=row["declaration_number"],
        start_date=row["start_date"],
        end_date=row["end_date"],
        channel=row["channel"],
        status=row["status"].lower(),
        status_reason=row["status_reason"],
        person={"id": row["person_id"]},
        employee=_doctor(row),
        legal_entity=omit_none(
            id=row["legal_entity_id"],
            name=row["legal_entity_name"],
            short_name=row["legal_entity_short_name"] or row["legal_entity_name"],
            legal_form=row["legal_form"],
            edrpou=row["edrpou"],
        ),
        division={
            "id": row["division_id"],
            "name": row["division_name"],
            "type": row["division_type"],
            "status": row["division_status"],
        },
    )


def _doctor(row: Row) -> JSON:
    names = {name: row[name] for name in ("first_name", "last_name", "second_name")}
    return {"id": row["employee_id"], "position": row["position"], "party": omit_none(names, id=row["party_id"])}
