"""The gate of the API: from the headers of a request to the one who asks."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from esoz.kernel.clock import Clock, kyiv_date
from esoz.kernel.db import Connection
from esoz.kernel.errors import AccessDenied, Forbidden, NotFound
from esoz.kernel.operation import Operation
from esoz.kernel.work import NOBODY, Actor

from .errors import ClientBlocked, InvalidToken, TokenExpired, UserBlocked
from .model import PATIENT_TYPES, TokenName, digest
from .store import clients as clients_store
from .store import tokens as tokens_store

KEY_REQUIRED = "API-KEY header required."
KEY_INVALID = "API-KEY header is invalid."
PATIENT_PATHS = ("/api/pis/", "/api/cabinet/")
COMMON_PATHS = ("/auth/", "/oauth/", "/api/v2/dictionaries", "/api/dictionaries", "/api/uaddresses/")
# Which tokens open what; everything else is opened by access tokens only.
BEARERS = {
    "/auth/login": (TokenName.SECOND_FACTOR,),
    "/auth/logout": (TokenName.ACCESS, TokenName.SESSION, TokenName.SECOND_FACTOR),
    "/oauth/apps/authorize": (TokenName.SESSION,),
    "/oauth/users/actions/update_password": (TokenName.SESSION,),
    "/oauth/users/actions/init_factor": (TokenName.SECOND_FACTOR, TokenName.ACCESS),
    "/oauth/users/actions/approve_factor": (TokenName.SECOND_FACTOR, TokenName.ACCESS),
    # Who is invited to work may have no role anywhere yet: a session is enough.
    "/employee_requests/{id}/actions/{action}": (TokenName.SESSION, TokenName.ACCESS),
}
ORDINARY = (TokenName.ACCESS,)
# Here the bearer is a JWT that an earlier step of the same registration gave: the operation reads it by itself.
OWN_BEARER = frozenset({"/api/pis/register"})


# Whether a person may speak for another (the ward) on a day: who keeps relations knows.
SpeaksFor: TypeAlias = Callable[[Connection, UUID, UUID, date], Awaitable[bool]]


class CentralGate:
    """AUTH-29, AUTH-30: the token says who, the API-key says through which MIS; the right is what both allow.

    A token by which somebody acts for another opens nothing once they may not: asked of `speaks_for` each time.
    """

    def __init__(self, speaks_for: SpeaksFor) -> None:
        self._speaks_for = speaks_for

    async def identify(self, db: Connection, headers: Mapping[str, str], operation: Operation, clock: Clock) -> Actor:
        key = headers.get("api-key")
        if operation.scope is None and ("authorization" not in headers or operation.path in OWN_BEARER):
            return await _caller_without_token(db, headers, operation)
        value = _bearer(headers.get("authorization", ""))
        names = [str(name) for name in BEARERS.get(operation.path, ORDINARY)]
        row = await tokens_store.bearer(db, digest(value), digest(key) if key else None, names)
        if row is None:
            raise InvalidToken()
        must_be_in_order(row, clock.now())
        if row["applicant_user_id"] is not None:
            await self._must_speak_still(db, row, clock)
        must_come_through_its_mis(row, headers, required=operation.api_key)
        patient = row["client_type"] in PATIENT_TYPES
        must_be_for(operation, patient=patient)
        scopes = frozenset(row["scopes"])
        if row["broker_scopes"] is not None and row["name"] == TokenName.ACCESS:
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

    async def _must_speak_still(self, db: Connection, row: Mapping[str, Any], clock: Clock) -> None:
        speaker, ward, today = row["applicant_person_id"], row["person_id"], kyiv_date(clock.now())
        if speaker is None or ward is None or not await self._speaks_for(db, speaker, ward, today):
            raise TokenExpired()


def must_be_in_order(row: Mapping[str, Any], now: datetime) -> None:
    """AUTH-29: the token lives, its client and its user are not blocked."""
    if row["expires_at"] <= now:
        raise TokenExpired()
    if row["client_blocked"]:
        raise ClientBlocked()
    if row["user_blocked"]:
        raise UserBlocked()


def must_come_through_its_mis(row: Mapping[str, Any], headers: Mapping[str, str], *, required: bool) -> None:
    """AUTH-30: the key is of a MIS that may work, and of the very one that the token was given through."""
    key = headers.get("api-key")
    if row["broker_id"] is None and (required or key):
        raise AccessDenied(KEY_INVALID if key else KEY_REQUIRED)
    if key and row["token_broker_id"] not in (None, row["broker_id"]):
        raise AccessDenied(KEY_INVALID)
    must_know_psk(row["psk_hash"], headers)


def must_know_psk(psk_hash: bytes | None, headers: Mapping[str, str]) -> None:
    """Of a MIS with a pre-shared key: without it there is nothing here (published as header X-Custom-PSK)."""
    if psk_hash is not None and not hmac.compare_digest(psk_hash, digest(headers.get("x-custom-psk", ""))):
        raise NotFound()


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


async def _caller_without_token(db: Connection, headers: Mapping[str, str], operation: Operation) -> Actor:
    """A public operation: the key is asked for only where the operation says so (GW-5)."""
    if not operation.api_key:
        return NOBODY
    key = headers.get("api-key")
    if not key:
        raise AccessDenied(KEY_REQUIRED)
    broker = await clients_store.broker_by_key(db, digest(key))
    if broker is None:
        raise AccessDenied(KEY_INVALID)
    must_know_psk(broker["psk_hash"], headers)
    return Actor(mis_id=broker["id"])
