"""Invitations to work as published."""

from datetime import datetime

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.payload import JSON, omit_none

from ..model import TERM, EmployeeRequest, RequestStatus


class SignedBody(msgspec.Struct, frozen=True):
    """Base64 of a signed document."""

    signed_content: str
    signed_content_encoding: str = "base64"


def request(request: EmployeeRequest) -> JSON:
    """The details of an invitation."""
    content = {
        name: value
        for name, value in request.content.items()
        if name not in ("status", "employee_id", "legal_entity_id")
    }
    return omit_none(
        id=request.id,
        legal_entity_id=request.legal_entity_id,
        status=request.status,
        inserted_at=request.inserted_at,
        updated_at=request.updated_at,
        **content,
    )


def request_in_list(row: Row, now: datetime) -> JSON:
    """An invitation in the list."""
    overdue = row["status"] == RequestStatus.NEW and row["inserted_at"] <= now - TERM
    return omit_none(
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
    return omit_none(
        id=request.id, employee_id=request.employee_id, status=request.status, updated_at=request.updated_at
    )
