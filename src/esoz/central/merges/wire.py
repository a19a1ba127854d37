"""Merge requests as published."""

from typing import Annotated

import msgspec

from esoz.central.people import mask_phone
from esoz.kernel.payload import JSON, omit_none

from .model import MergeRequest


class CodeBody(msgspec.Struct, frozen=True):
    """The code that the person tells; published as a number."""

    verification_code: Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None = None


class SignBody(msgspec.Struct, frozen=True):
    signed_content: str
    signed_content_encoding: str = "base64"


def request(request: MergeRequest) -> JSON:
    """A request in the list, and after an act."""
    return {
        "id": request.id,
        "master_person_id": request.master_person_id,
        "merge_person_id": request.merge_person_id,
        "status": request.status,
        "inserted_at": request.inserted_at,
        "inserted_by": request.inserted_by,
        "updated_at": request.updated_at,
        "updated_by": request.updated_by,
    }


def request_whole(request_: MergeRequest) -> JSON:
    """The same with what has to be signed, once it was approved and as long as it is kept."""
    return {**request(request_), **omit_none(data_to_be_signed=request_.data_to_be_signed)}


def urgent(request: MergeRequest) -> dict[str, object]:
    """How the person confirms: always by a code to a telephone. Of a request over long ago nobody knows to which."""
    phone = mask_phone(request.phone) if request.phone else None
    return {"authentication_method_current": [omit_none(type="OTP", phone_number=phone)]}
