"""Refusals at sign-in, with their published types and texts."""

from dataclasses import dataclass
from datetime import datetime

from esoz.kernel.errors import AccessDenied, Forbidden, Problem, Rejected, TooMany


@dataclass
class PasswordRefused(AccessDenied):
    """Where the address stands after this try. Pages tell it; the published answer has no place for it."""

    tries_left: int = 1
    paused_until: datetime | None = None


class InvalidCredentials(PasswordRefused):
    """AUTH-7: the same words for a wrong password and an unknown user. The try is counted, so it stays."""

    keeps = True
    default = "Identity, password combination is wrong."


class LoginsExhausted(PasswordRefused):
    """AUTH-4."""

    default = "You reached login attempts limit. Try again later"


class CaptchaNeeded(AccessDenied):
    """AUTH-1. A task is to be solved before the password is looked at."""

    type, default = "captcha_required", "Captcha is required"


class PasswordExpired(AccessDenied):
    """AUTH-8, without the id of the user: it says nothing that the caller needs."""

    type, default = "password_expired", "The password expired for user"


class UserBlocked(AccessDenied):
    """AUTH-14."""

    type, default = "user_blocked", "User blocked."


class ClientBlocked(AccessDenied):
    """AUTH-14."""

    default = "Client is blocked."


class BrokerBlocked(AccessDenied):
    """AUTH-29: the MIS is not in the register, or is blocked in it."""

    default = "API-KEY header is invalid."


class InvalidToken(AccessDenied):
    """GW-2."""

    default = "Invalid access token"


class TokenExpired(AccessDenied):
    """The token was good once."""

    type, default = "token_expired", "Token expired."


class InvalidClient(AccessDenied):
    """No such client, or not its secret."""

    type, default = "invalid_client", "Invalid client id or secret."


class InvalidGrant(AccessDenied):
    """The code or refresh token cannot be used."""

    type, default = "invalid_grant", "Token not found or expired."


class GrantReused(InvalidGrant):
    """A code or refresh token came a second time: what it gave has been revoked, and stays so."""

    keeps = True
    default = "Token has already been used."


class UnsupportedGrant(Rejected):
    """A grant type that this endpoint does not know."""

    type, default = "invalid_grant", "Request must include at least one valid grant_type."


class JWTInvalid(AccessDenied):
    """The nonce is not ours, not for this purpose, or too old."""

    type, default = "jwt_invalid", "JWT is invalid."


@dataclass
class CodeInvalid(AccessDenied):
    """AUTH-17. The try is counted, so it stays; pages tell how many are left."""

    tries_left: int | None = None

    keeps = True
    type, default = "otp_invalid", "Invalid OTP code."


class CodeExpired(AccessDenied):
    """AUTH-17."""

    type, default = "otp_expired", "OTP expired."


class CodeAttemptsExhausted(AccessDenied):
    """AUTH-17, AUTH-19: the code, and perhaps the user, is closed from now on."""

    keeps = True
    type, default = "otp_reached_max_attempts", "Reached max OTP verify attempts"


class CodesTooOften(TooMany):
    """AUTH-18."""

    type, default = "otp_timeout", "Sending OTP timeout. Try later."


class UserNotRegistered(Forbidden):
    """AUTH-34."""

    default = "User is not registered"


def invalid_scope(missing: str) -> Problem:
    """AUTH-28: a scope that this user cannot have at this client."""
    return Rejected(f"Scope is not allowed: {missing}")
