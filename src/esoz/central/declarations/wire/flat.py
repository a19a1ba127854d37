"""Declarations as contract 9.15 spells them: nothing embedded."""

from uuid import UUID

import msgspec

from esoz.kernel.db import Row
from esoz.kernel.payload import JSON, omit_none

from ..model import Declaration, Status

_FLAT = (
    "id",
    "declaration_number",
    "person_id",
    "employee_id",
    "division_id",
    "legal_entity_id",
    "start_date",
    "end_date",
    "signed_at",
    "status",
    "reason",
    "reason_description",
    "scope",
    "declaration_request_id",
)


class FlatQuery(msgspec.Struct, frozen=True):
    """Filters of the list; without a status those in force are meant."""

    employee_id: UUID | None = None
    legal_entity_id: UUID | None = None
    declaration_number: str | None = None
    status: str = Status.ACTIVE
    reason: str | None = None


def declaration_in_list(row: Row) -> JSON:
    """A declaration in the list; its printed form stands in the details only."""
    return omit_none({name: row[name] for name in _FLAT})


def declaration(found: Declaration) -> JSON:
    """The details of a declaration."""
    return omit_none({name: getattr(found, name) for name in _FLAT}, content=found.content)
