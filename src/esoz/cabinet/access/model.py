"""What is signed to come in, and what the audit log says of it."""

import json
from enum import StrEnum

from esoz.spec.roles import role_scopes

ROLE = "PATIENT"
GRANT = "pis_auth"


class Event(StrEnum):
    SIGNED_IN = "session.started"
    REGISTERED = "registration.completed"
    REFUSED = "session.refused"
    SIGNED_OUT = "session.ended"
    LEFT = "session.expired"


def to_be_signed(nonce: str) -> bytes:
    """The exact bytes that a patient signs to come in (AUTH-34)."""
    return json.dumps({"jwt": nonce}).encode()


def scopes() -> str:
    """All that a patient may do at central: the cabinet asks for it at once, as it shows it all."""
    return " ".join(sorted(role_scopes(ROLE)))
