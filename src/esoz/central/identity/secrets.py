"""Values that only their bearer knows: tokens, client secrets, API-keys, nonces, codes, proofs of OAuth clients."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import jwt

from esoz.kernel.errors import rejected

from .errors import JWTInvalid
from .model import CODE_DIGITS, NONCE_LIFE, digest

ISSUER = "EHealth"
ALGORITHM = "HS512"
LOGIN_AUDIENCE = "mithril-login"
TRUSTED_AUDIENCE = "trusted-client"
REGISTRATION_AUDIENCE = "cabinet-registration"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


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


def must_be_challenge(challenge: str, method: str) -> str | None:
    """What a code will be bound to (RFC 7636); None when the client says nothing. Raises Rejected.

    Method `plain` proves nothing to who sees the request, and is what an absent method would mean.
    """
    if not challenge and not method:
        return None
    if method != "S256":
        raise rejected("$.app.code_challenge_method", "value is not allowed in enum", rule="inclusion", params=["S256"])
    if not _CHALLENGE.fullmatch(challenge):
        raise rejected("$.app.code_challenge", f"string does not match pattern {_CHALLENGE.pattern}", rule="format")
    return challenge


def is_verified(challenge: str | None, verifier: str) -> bool:
    """RFC 7636, 4.6; a verifier without a challenge is an attack that took the challenge away (RFC 9700, 4.8.2)."""
    if challenge is None or not verifier:
        return challenge is None and not verifier
    made = base64.urlsafe_b64encode(digest(verifier)).decode().rstrip("=")
    return _VERIFIER.fullmatch(verifier) is not None and hmac.compare_digest(made, challenge)


def new_code(random: Callable[[int], bytes], digits: int = CODE_DIGITS) -> str:
    """Decimal digits by chance; a first zero is possible, so the code is a text."""
    return str(int.from_bytes(random(16)) % 10**digits).zfill(digits)


def code_hash(key: bytes, id: UUID, code: str) -> bytes:
    """What is stored of a code: so few digits are found by trying, hence a key that is not in the database."""
    return hmac.new(hashlib.sha256(b"code" + key).digest(), id.bytes + code.encode(), hashlib.sha256).digest()
