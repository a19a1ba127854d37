"""Requests and answers about telephones, spelled as published."""

from typing import Annotated, Any, Literal

import msgspec

from .model import Verification

Phone = Annotated[str, msgspec.Meta(max_length=32)]


class StartBody(msgspec.Struct, frozen=True):
    phone_number: Phone


class CodeBody(msgspec.Struct, frozen=True):
    code: Annotated[int, msgspec.Meta(ge=0, le=999_999)]  # published as a number


class SMSBody(msgspec.Struct, frozen=True):
    factor: Phone
    type: Literal["SMS"]
    content_hash: Annotated[str, msgspec.Meta(max_length=256)] | None = None


def verification(found: Verification) -> dict[str, Any]:
    return {
        "id": found.id,
        "status": found.status,
        "code_expired_at": found.code_expired_at,
        "active": found.active,
    }
