"""Rules of passkeys: what is kept of one, when its counter is to be believed, on which sites they work."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

LONGEST_NAME = 60
MOST = 20  # of one user
LONGEST_ANSWER = 64 * 1024  # of a browser, in characters: attestations are a few KB


class Event(StrEnum):
    ADDED = "passkey.added"
    REMOVED = "passkey.removed"
    LISTED = "passkeys.read"
    COPIED = "passkey.copy_suspected"


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey of a user."""

    id: UUID
    user_id: UUID
    credential_id: bytes
    credential: bytes
    sign_count: int
    name: str
    inserted_at: datetime
    last_used_at: datetime | None


def is_counted_on(kept: int, counter: int) -> bool:
    """WebAuthn 7.2, step 22: a counter grows with every use; one that does not is of a copy. Many are always zero."""
    return counter > kept or (counter == 0 and kept == 0)


def host_of(base_url: str) -> str:
    """The site that passkeys belong to: the name of its host."""
    return urlsplit(base_url).hostname or ""


def is_possible(base_url: str) -> bool:
    """Whether browsers make passkeys for this address: for a name, over TLS, or on the machine itself."""
    parts, host = urlsplit(base_url), host_of(base_url)
    try:
        ip_address(host)
    except ValueError:
        return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return False
