"""The gate of the API: from the headers of a request to the one who asks."""

from collections.abc import Mapping

from esoz.kernel.clock import Clock
from esoz.kernel.db import Connection
from esoz.kernel.errors import AccessDenied, Forbidden
from esoz.kernel.operation import Operation
from esoz.kernel.work import NOBODY, Actor

from . import store
from .errors import ClientBlocked, InvalidToken, TokenExpired, UserBlocked
from .model import AUTHORIZE, PATIENT_TYPES, TokenName, digest

KEY_REQUIRED = "API-KEY header required."
KEY_INVALID = "API-KEY header is invalid."
PATIENT_PATHS = ("/api/pis/", "/api/cabinet/")
COMMON_PATHS = ("/auth/", "/oauth/", "/api/v2/dictionaries", "/api/dictionaries", "/api/uaddresses/")
SESSION_OPERATIONS = frozenset({AUTHORIZE})


class CentralGate:
    """AUTH-29, AUTH-30: the token says who, the API-key says through which MIS; the right is what both allow."""

    async def identify(self, db: Connection, headers: Mapping[str, str], operation: Operation, clock: Clock) -> Actor:
        key = headers.get("api-key")
        if operation.scope is None and "authorization" not in headers:
            return await _caller_without_token(db, key, operation)
        value = _bearer(headers.get("authorization", ""))
        name = TokenName.SESSION if operation.scope in SESSION_OPERATIONS else TokenName.ACCESS
        row = await store.bearer(db, digest(value), digest(key) if key else None, [str(name)])
        if row is None:
            raise InvalidToken()
        if row["expires_at"] <= clock.now():
            raise TokenExpired()
        if row["client_blocked"]:
            raise ClientBlocked()
        if row["user_blocked"]:
            raise UserBlocked()
        if row["broker_id"] is None and (operation.api_key or key):
            raise AccessDenied(KEY_INVALID if key else KEY_REQUIRED)
        patient = row["client_type"] in PATIENT_TYPES
        must_be_for(operation, patient=patient)
        scopes = frozenset(row["scopes"])
        if row["broker_scopes"] is not None and name is TokenName.ACCESS:
            scopes &= frozenset(row["broker_scopes"])
        return Actor(
            user_id=row["user_id"],
            client_id=row["client_id"],
            client_type=row["client_type"] or "",
            mis_id=row["broker_id"],
            person_id=row["person_id"] if patient else None,
            token_id=row["token_id"],
            scopes=scopes,
        )


def must_be_for(operation: Operation, *, patient: bool) -> None:
    """A patient's token opens the patient's operations and no others; a worker's opens all but the patient's."""
    if operation.path.startswith(COMMON_PATHS):
        return
    if patient != operation.path.startswith(PATIENT_PATHS):
        raise Forbidden()


def _bearer(header: str) -> str:
    kind, _, value = header.partition(" ")
    if kind.lower() != "bearer" or not value.strip():
        raise InvalidToken()
    return value.strip()


async def _caller_without_token(db: Connection, key: str | None, operation: Operation) -> Actor:
    """A public operation: the key is asked for only where the operation says so (GW-5)."""
    if not operation.api_key:
        return NOBODY
    if not key:
        raise AccessDenied(KEY_REQUIRED)
    broker = await store.broker_by_key(db, digest(key))
    if broker is None:
        raise AccessDenied(KEY_INVALID)
    return Actor(mis_id=broker)
