"""What is signed to come in, what central gives for it, and what the audit log says of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from esoz.spec.roles import role_scopes

ROLE = "PATIENT"
GRANT = "pis_auth"


class Event(StrEnum):
    SIGNED_IN = "session.started"
    REFUSED = "session.refused"
    SIGNED_OUT = "session.ended"
    LEFT = "session.expired"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What central gave for one patient."""

    access: str
    refresh: str | None
    expires_at: datetime


def read_tokens(data: Mapping[str, Any]) -> Tokens:
    """Tokens from central's published answer."""
    details = data.get("details") or {}
    return Tokens(data["value"], details.get("refresh_token"), datetime.fromtimestamp(data["expires_at"], UTC))


def to_be_signed(nonce: str) -> bytes:
    """The exact bytes that a patient signs to come in (AUTH-34)."""
    return json.dumps({"jwt": nonce}).encode()


def scopes() -> str:
    """All that a patient may do at central: the cabinet asks for it at once, as it shows it all."""
    return " ".join(sorted(role_scopes(ROLE)))
