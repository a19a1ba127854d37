"""Values that only their bearer knows: tokens, client secrets, API-keys, nonces."""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import jwt

from .errors import JWTInvalid
from .model import NONCE_LIFE

ISSUER = "EHealth"
ALGORITHM = "HS512"
LOGIN_AUDIENCE = "mithril-login"
TRUSTED_AUDIENCE = "trusted-client"


def new_value(random: Callable[[int], bytes]) -> str:
    """256 bits as text that fits a header and a URL."""
    return base64.urlsafe_b64encode(random(32)).rstrip(b"=").decode()


def make_nonce(key: bytes, *, audience: str, client_id: UUID, nonce: UUID, now: datetime) -> str:
    """A JWT to be signed with КЕП (HS512, as published)."""
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
    return jwt.encode(claims, _key(key), algorithm=ALGORITHM)


def read_nonce(key: bytes, token: str, *, audience: str, client_id: UUID, now: datetime) -> UUID:
    """The nonce of our own JWT for this client; raise JWTInvalid when it is another's, altered or too old."""
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
        nonce = UUID(claims["nonce"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as fault:
        raise JWTInvalid() from fault
    if expires <= now or claims["sub"] != str(client_id):
        raise JWTInvalid()
    return nonce


def _key(secret: bytes) -> bytes:
    """A key of the length that HS512 wants, for nonces alone."""
    return hashlib.sha512(b"nonce" + secret).digest()
