"""The gate of the API: from the headers of a request to the one who asks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from esoz.kernel.clock import kyiv_date
from esoz.kernel.db import Connection, Database
from esoz.kernel.errors import AccessDenied, Forbidden
from esoz.kernel.fresh import Fresh
from esoz.kernel.operation import Operation
from esoz.kernel.work import NOBODY, Actor

from .errors import ClientBlocked, InvalidToken, TokenExpired, UserBlocked
from .model import PATIENT_TYPES, Bearer, TokenName, Vendor, digest
from .policy import KEY_INVALID, KEY_REQUIRED, must_know_psk
from .store import clients as clients_store
from .store import tokens as tokens_store

PATIENT_PATHS = ("/api/pis/", "/api/cabinet/", "/api/profile")
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

    Facts about tokens and MIS are remembered for less than a second (kernel/fresh.py): a token that was ended, a user,
    a client or a MIS that was blocked is let in nowhere a second later, and at once by the process that ended it.
    """

    def __init__(self, database: Database, speaks_for: SpeaksFor) -> None:
        self._database, self._speaks_for = database, speaks_for
        self._bearers: Fresh[bytes, Bearer] = Fresh(self._ask_bearers)
        self._vendors: Fresh[bytes, Vendor] = Fresh(self._ask_vendors)
        database.on_change("bearers", self._bearers.forget)
        database.on_change("brokers", self._vendors.forget)

    async def identify(self, headers: Mapping[str, str], operation: Operation, now: datetime) -> Actor:
        """Who asks. Raises AccessDenied and its kind, Forbidden, NotFound for a wrong pre-shared key."""
        if operation.scope is None and ("authorization" not in headers or operation.path in OWN_BEARER):
            return await self._without_token(headers, operation)
        value = _bearer(headers.get("authorization", ""))
        bearer = await self._bearers.get(digest(value))
        if bearer is None or bearer.name not in BEARERS.get(operation.path, ORDINARY):
            raise InvalidToken()
        vendor = await self._vendor(headers)
        must_be_in_order(bearer, now)
        if bearer.applicant_user_id is not None:
            await self._must_speak_still(bearer, now)
        must_come_through_its_mis(bearer, vendor, headers, required=operation.api_key)
        patient = bearer.client_type in PATIENT_TYPES
        must_be_for(operation, patient=patient)
        return Actor(
            user_id=bearer.user_id,
            client_id=bearer.client_id,
            client_type=bearer.client_type or "",
            mis_id=vendor.id if vendor else None,
            person_id=bearer.person_id if patient else None,
            applicant_id=bearer.applicant_person_id if patient else None,
            token_id=bearer.token_id,
            scopes=allowed_scopes(bearer, vendor),
        )

    async def _must_speak_still(self, bearer: Bearer, now: datetime) -> None:
        speaker, ward = bearer.applicant_person_id, bearer.person_id
        if speaker is None or ward is None:
            raise TokenExpired()
        async with self._database.aside() as db:
            if not await self._speaks_for(db, speaker, ward, kyiv_date(now)):
                raise TokenExpired()

    async def _without_token(self, headers: Mapping[str, str], operation: Operation) -> Actor:
        """A public operation: the key is asked for only where the operation says so (GW-5)."""
        if not operation.api_key:
            return NOBODY
        if not headers.get("api-key"):
            raise AccessDenied(KEY_REQUIRED)
        vendor = await self._vendor(headers)
        if vendor is None:
            raise AccessDenied(KEY_INVALID)
        must_know_psk(vendor, headers)
        return Actor(mis_id=vendor.id)

    async def _vendor(self, headers: Mapping[str, str]) -> Vendor | None:
        key = headers.get("api-key")
        return await self._vendors.get(digest(key)) if key else None

    async def _ask_bearers(self, hashes: Sequence[bytes]) -> Mapping[bytes, Bearer]:
        async with self._database.aside() as db:
            return await tokens_store.bearers(db, hashes)

    async def _ask_vendors(self, hashes: Sequence[bytes]) -> Mapping[bytes, Vendor]:
        async with self._database.aside() as db:
            return await clients_store.vendors(db, hashes)


def allowed_scopes(bearer: Bearer, vendor: Vendor | None) -> frozenset[str]:
    """AUTH-30: what the token allows, and of an access token no more than its MIS may do."""
    if vendor is None or vendor.scopes is None or bearer.name != TokenName.ACCESS:
        return bearer.scopes
    return bearer.scopes & vendor.scopes


def must_be_in_order(bearer: Bearer, now: datetime) -> None:
    """AUTH-29: the token lives, its client and its user are not blocked."""
    if bearer.expires_at <= now:
        raise TokenExpired()
    if bearer.client_blocked:
        raise ClientBlocked()
    if bearer.user_blocked:
        raise UserBlocked()


def must_come_through_its_mis(
    bearer: Bearer, vendor: Vendor | None, headers: Mapping[str, str], *, required: bool
) -> None:
    """AUTH-30: the key is of a MIS that may work, and of the very one that the token was given through."""
    key = headers.get("api-key")
    if vendor is None:
        if required or key:
            raise AccessDenied(KEY_INVALID if key else KEY_REQUIRED)
        return
    if bearer.token_broker_id not in (None, vendor.id):
        raise AccessDenied(KEY_INVALID)
    must_know_psk(vendor, headers)


def must_be_for(operation: Operation, *, patient: bool) -> None:
    """A patient's token opens the patient's operations and no others; a worker's opens all but the patient's.

    What is open to everybody without a token is open with one too.
    """
    if operation.scope is None or operation.path.startswith(COMMON_PATHS):
        return
    if patient != operation.path.startswith(PATIENT_PATHS):
        raise Forbidden()


def _bearer(header: str) -> str:
    kind, _, value = header.partition(" ")
    if kind.lower() != "bearer" or not value.strip():
        raise InvalidToken()
    return value.strip()
