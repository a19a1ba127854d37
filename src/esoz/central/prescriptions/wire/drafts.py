"""Drafts of prescriptions on the wire: `medication_request_request`."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

import msgspec

from esoz.kernel.amounts import amount_faults, rounded
from esoz.kernel.errors import rejected
from esoz.kernel.faults import must_hold

from ..model import Intent, Order
from ..model.drafts import ROOT

Json: TypeAlias = Mapping[str, object]


class _Identifier(msgspec.Struct, frozen=True):
    value: UUID
    type: Json | None = None


class _Reference(msgspec.Struct, frozen=True):
    identifier: _Identifier


class _Body(msgspec.Struct, frozen=True, kw_only=True):
    person_id: UUID
    employee_id: UUID
    division_id: UUID
    created_at: date
    started_at: date
    ended_at: date
    medication_id: UUID
    medication_qty: Decimal
    intent: Intent
    category: str
    context: Json
    dosage_instruction: Sequence[Json]
    medical_program_id: UUID | None = None
    inform_with: UUID | None = None
    based_on: Sequence[Json] | None = None
    priority: str | None = None
    prior_prescription: Json | None = None
    container_dosage: Json | None = None
    note: str | None = None


class NewDraft(msgspec.Struct, frozen=True):
    """Body of create."""

    medication_request_request: _Body


class ProgrammeId(msgspec.Struct, frozen=True):
    id: UUID


class Prequalification(msgspec.Struct, frozen=True):
    """Body of prequalify."""

    medication_request_request: _Body
    programs: Sequence[ProgrammeId]


class SignedDraft(msgspec.Struct, frozen=True):
    """Body of sign."""

    signed_medication_request_request: str
    signed_content_encoding: str = "base64"


def order(body: _Body) -> Order:
    """What the doctor asks for, with the references read."""
    based_on = {_kind(each): _id(each, f"{ROOT}.based_on[{n}]") for n, each in enumerate(body.based_on or ())}
    prior = body.prior_prescription
    must_hold(amount_faults(f"{ROOT}.medication_qty", body.medication_qty, may_be_zero=False))
    return Order(
        **{name: getattr(body, name) for name in _SAME},
        medication_qty=rounded(body.medication_qty),
        encounter_id=_id(body.context, f"{ROOT}.context"),
        prior_prescription_id=None if prior is None else _id(prior, f"{ROOT}.prior_prescription"),
        care_plan_id=based_on.get("care_plan"),
        activity_id=based_on.get("activity"),
    )


_SAME = tuple(name for name in _Body.__struct_fields__ if name != "medication_qty")


def _id(reference: Json, entry: str) -> UUID:
    try:
        return msgspec.convert(reference, _Reference).identifier.value
    except msgspec.ValidationError as fault:
        raise rejected(f"{entry}.identifier.value", "Submitted reference can not be read", rule="cast") from fault


def _kind(reference: Json) -> str:
    """`care_plan` or `activity`; an empty string when the reference does not say."""
    node: object = reference
    for step in ("identifier", "type", "coding"):
        node = node.get(step) if isinstance(node, Mapping) else None
    first = node[0] if isinstance(node, list) and node else None
    return str(first.get("code", "")) if isinstance(first, Mapping) else ""
