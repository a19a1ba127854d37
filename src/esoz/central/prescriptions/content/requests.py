"""A prescription as its readers are shown it: over what they saw they sign that it is taken back."""

from collections.abc import Mapping

import msgspec

from esoz.kernel.payload import JSON, omit_none

from ..model import Request
from ..model.requests import Status

_SHORT_PROGRAMME = ("id", "name", "funding_source", "mr_blank_type")
BLOCK = ("block_reason", "block_reason_code", "blocked_to", "blocked_by_legal_entity")
# Who prescribed, where and to whom is not for pharmacies: they see a short name and an age.
_NOT_FOR_PHARMACIES = ("legal_entity", "division", "employee", "inform_with")


class Rejection(msgspec.Struct, frozen=True):
    """What the signed document adds to the stored prescription."""

    reject_reason_code: str
    reject_reason: str | None = None


def shown_request(request: Request, status: Status, *, full_programme: bool = False) -> JSON:
    """A prescription as doctors and patients see it."""
    shown = {**request.content, "status": status}
    if not full_programme and isinstance(programme := shown.get("medical_program"), Mapping):
        shown["medical_program"] = {name: programme[name] for name in _SHORT_PROGRAMME}
    return shown | omit_none(
        {
            "rejected_at": request.rejected_at,
            "rejected_by": request.rejected_by,
            "reject_reason": request.reject_reason,
            "reject_reason_code": request.reject_reason_code,
            **_block(request),
        }
    )


def _block(request: Request) -> JSON:
    if not request.is_blocked:
        return {}
    return omit_none({name: getattr(request, name) for name in BLOCK})


def for_pharmacy(request: Request, status: Status, *, full_programme: bool = False) -> JSON:
    """A prescription as pharmacists see it: no clinic, no doctor, of the person a short name and the age."""
    shown = shown_request(request, status, full_programme=full_programme)
    person = shown["person"]
    assert isinstance(person, Mapping)
    kept = {name: value for name, value in shown.items() if name not in _NOT_FOR_PHARMACIES}
    theirs = {"person": {"short_name": person["short_name"], "age": person["age"]}}
    return {**kept, **theirs}
