"""What a patient's token may carry, and the events of their coming in."""

from enum import StrEnum

from esoz.spec.roles import role_scopes

PATIENT = "PATIENT"
GRANT = "pis_auth"


class Event(StrEnum):
    SIGNED_IN = "patient.signed_in"


def allowed(asked: str) -> tuple[frozenset[str], frozenset[str]]:
    """Of the scopes asked for: those that a patient may have, and those they may not."""
    wanted = frozenset(asked.split())
    return wanted & role_scopes(PATIENT), wanted - role_scopes(PATIENT)
