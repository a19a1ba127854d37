"""What a consent is, and the addresses of its way."""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from esoz.sdk import OAuthClient

ANNOUNCED = timedelta(days=3)  # before the end of the access
STATE_LIFE = timedelta(minutes=30)  # as long as central's own session of the person who consents
CALLBACK = "/oauth/callback"


class Event(StrEnum):
    GRANTED = "consent.granted"
    REFUSED = "consent.refused"


@dataclass(frozen=True, slots=True)
class Client(OAuthClient):
    """A clinic as OAuth knows it."""

    redirect_uri: str


def access_ends(expires_at: datetime, renewable_until: datetime | None) -> datetime:
    """When the user must consent again if nothing is asked of central before: the later end of the two tokens."""
    return max(expires_at, renewable_until) if renewable_until else expires_at


def days_left(ends_at: datetime, now: datetime) -> int | None:
    """Days until the end, begun ones counted, when it is near enough to be announced; None before and afterwards."""
    left = ends_at - now
    return -(-left // timedelta(days=1)) if timedelta(0) < left <= ANNOUNCED else None


def challenge_of(verifier: str) -> str:
    """What proves later that the code is brought by who asked for it (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def consent_address(
    central: str, client: Client, scopes: Collection[str], *, state: str, verifier: str, email: str
) -> str:
    """Where the browser is sent: central shows its own password and consent pages there.

    `email` stands in its form already (OpenID Connect Core, 3.1.2.1: login_hint); another one may be typed instead.
    """
    asked = {
        "client_id": str(client.id),
        "redirect_uri": client.redirect_uri,
        "scope": " ".join(sorted(scopes)),
        "response_type": "code",
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        "login_hint": email,
    }
    return f"{central}/sign-in?{urlencode(asked)}"
