"""Values that only their bearer knows: tokens, client secrets, API-keys, nonces."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import jwt

from .errors import JWTInvalid
from .model import NONCE_LIFE

ISSUER = "EHealth"
ALGORITHM = "HS512"
LOGIN_AUDIENCE = "mithril-login"
TRUSTED_AUDIENCE = "trusted-client"
REGISTRATION_AUDIENCE = "cabinet-registration"


@dataclass(frozen=True, slots=True)
class Nonce:
    """What our own JWT says: the nonce, the client it is for, and what it is about (a digest of a registration)."""

    nonce: UUID
    client_id: UUID
    about: str = ""


def new_value(random: Callable[[int], bytes]) -> str:
    """256 bits as text that fits a header and a URL."""
    return base64.urlsafe_b64encode(random(32)).rstrip(b"=").decode()


def make_nonce(key: bytes, *, audience: str, client_id: UUID, nonce: UUID, now: datetime, about: str = "") -> str:
    """A JWT to be signed with КЕП, or one that says what was validated under it (HS512, as published)."""
    claims = {
        "iss": ISSUER,
        "aud": audience,
        "sub": str(client_id),
        "jti": str(nonce),
        "nonce": str(nonce),
        "iat": now,
        "nbf": now,
        "exp": now + NONCE_LIFE,
        "typ": "access",
    }
    if about:
        claims["about"] = about
    return jwt.encode(claims, _key(key), algorithm=ALGORITHM)


def read_nonce(key: bytes, token: str, *, audience: str, client_id: UUID, now: datetime) -> UUID:
    """The nonce of our own JWT for this client; raise JWTInvalid when it is another's, altered or too old."""
    found = read_any_nonce(key, token, audience=audience, now=now)
    if found.client_id != client_id:
        raise JWTInvalid()
    return found.nonce


def read_any_nonce(key: bytes, token: str, *, audience: str, now: datetime) -> Nonce:
    """The same where the client is known from the JWT alone."""
    try:
        claims = jwt.decode(
            token,
            _key(key),
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": ["exp", "nonce", "sub"]},
        )
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        found = Nonce(UUID(claims["nonce"]), UUID(claims["sub"]), str(claims.get("about", "")))
    except (jwt.InvalidTokenError, ValueError, TypeError) as fault:
        raise JWTInvalid() from fault
    if expires <= now:
        raise JWTInvalid()
    return found


def _key(secret: bytes) -> bytes:
    """A key of the length that HS512 wants, for nonces alone."""
    return hashlib.sha512(b"nonce" + secret).digest()
