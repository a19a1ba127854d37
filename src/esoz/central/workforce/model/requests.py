"""An invitation to work: statuses and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.errors import Conflict, Forbidden, Invalid
from esoz.kernel.spelling import plain_number

from .employees import Employee, Status

# EM-16: employee_request_expiration 29, in days.
TERM = timedelta(days=29)


class RequestStatus(StrEnum):
    NEW = "NEW"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


# EM-14
REQUEST_MOVES = {
    RequestStatus.NEW: frozenset({RequestStatus.APPROVED, RequestStatus.REJECTED, RequestStatus.EXPIRED}),
    RequestStatus.APPROVED: frozenset[RequestStatus](),
    RequestStatus.REJECTED: frozenset[RequestStatus](),
    RequestStatus.EXPIRED: frozenset[RequestStatus](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeRequest:
    """An invitation; `content` is the signed block, `updates_employee_id` the employee it would change."""

    id: UUID
    legal_entity_id: UUID
    employee_type: str
    status: RequestStatus
    no_tax_id: bool
    tax_id: str
    email: str
    first_name: str
    last_name: str
    content: Mapping[str, Any]
    inserted_at: datetime
    updated_at: datetime
    second_name: str | None = None
    division_id: UUID | None = None
    updates_employee_id: UUID | None = None
    employee_id: UUID | None = None
    object_name: str | None = None
    mis_id: UUID | None = None

    @property
    def ends_at(self) -> datetime:
        """When it can no longer be answered."""
        return self.inserted_at + TERM


def request_status_at(request: EmployeeRequest, now: datetime) -> RequestStatus:
    """The status that holds now, whether the nightly job has written it or not."""
    if request.status is RequestStatus.NEW and now >= request.ends_at:
        return RequestStatus.EXPIRED
    return request.status


def must_be_answerable(request: EmployeeRequest, email: str | None, now: datetime) -> None:
    """Raise unless the holder of the e-mail may approve or reject now (EM-14, EM-15)."""
    if email is None or email.lower() != request.email.lower():
        raise Forbidden("User is not allowed to perform this action")
    status = request_status_at(request, now)
    if status is RequestStatus.EXPIRED:
        raise Forbidden("Employee request is expired")
    if status is not RequestStatus.NEW:
        raise Conflict(f"Employee request status is {status} and cannot be updated")


def must_match(employee: Employee, *, tax_id: str, employee_type: str, birth_date: date, start_date: date) -> None:
    """Raise Conflict unless the request is about this very employee (EM-12)."""
    # EM-12: an update never changes who somebody is and since when they work.
    if employee.status is not Status.APPROVED:
        raise Conflict("employee is dismissed")
    pairs: tuple[tuple[str, object, object], ...] = (
        ("tax_id", plain_number(tax_id), plain_number(employee.party.tax_id)),
        ("employee_type", employee_type, employee.employee_type),
        ("birth_date", birth_date, employee.party.birth_date),
        ("start_date", start_date, employee.start_date),
    )
    for name, requested, stored in pairs:
        if requested != stored:
            raise Conflict(f"{name} doesn't match")


def foreign_blocks(blocks: Mapping[str, object], own: str | None, root: str) -> Iterator[Invalid]:
    """Blocks of education that this type of employee must not carry (EM-2)."""
    for name, block in blocks.items():
        if block is not None and name != own:
            yield Invalid(f"{root}.{name}", "invalid", f"field {name} is not allowed")


class EmployeeRequestFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any."""

    id: UUID | None = None
    edrpou: str | None = None
    legal_entity_name: str | None = None
    no_tax_id: bool | None = None
    status: str | None = None
