"""Central as one user at one clinic calls it: with their token, renewed once when it has run out."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.kernel.pages import mark as _
from esoz.mis.base import consents
from esoz.mis.base.section import Consent
from esoz.mis.base.services import Services
from esoz.sdk import Answer, Bearer, CentralRefused, CentralUnavailable

from .. import store
from ..model import Client, Tokens

TURN_SECONDS = 1.0


class ConsentNeeded(Forbidden):
    """Central does not know the user any more: they must consent again. Nothing that they entered is lost."""

    default = _("Надайте доступ до ЕСОЗ ще раз.")


@dataclass(slots=True)
class CentralSession:
    """Calls central. `in_page`: a person waits, so the number of such calls at once is bounded."""

    services: Services
    user_id: UUID
    clinic_id: UUID
    access: str
    in_page: bool = True

    async def get(self, path: str, **query: object) -> Answer:
        return await self.call("GET", path, query=query)

    async def post(self, path: str, body: object = None, **query: object) -> Answer:
        return await self.call("POST", path, body=body, query=query)

    async def patch(self, path: str, body: object = None, **query: object) -> Answer:
        return await self.call("PATCH", path, body=body, query=query)

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        renew: bool = True,
        idempotency_key: str = "",
    ) -> Answer:
        """Send one request. `idempotency_key`: a copy under the same one is not performed again.

        `renew=False`: for an operation whose 401 may be about something else than the token (a patient's code), and
        which must not be sent twice. Raises CentralRefused, CentralUnavailable, ConsentNeeded.
        """
        async with await self._turn():
            try:
                return await self._send(method, path, body, query, idempotency_key)
            except CentralRefused as refused:
                if refused.status == 403:
                    await self._doubt()
                if refused.status != 401 or not renew:
                    raise
            await self._renew()
            try:
                return await self._send(method, path, body, query, idempotency_key)
            except CentralRefused as refused:
                if refused.status == 401:
                    raise ConsentNeeded() from refused
                raise

    async def _send(self, method: str, path: str, body: object, query: Mapping[str, object] | None, key: str) -> Answer:
        bearer = Bearer(self.access)
        return await self.services.central.call(method, path, bearer, body=body, query=query, idempotency_key=key)

    async def _turn(self) -> AbstractAsyncContextManager[Any]:
        if not self.in_page:
            return nullcontext()
        calls = self.services.calls
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await calls.acquire()
        except TimeoutError as fault:
            raise CentralUnavailable("too many pages wait for central") from fault
        return _Place(calls)

    async def _doubt(self) -> None:
        """Central does not let them do it: perhaps they do not work at the clinic any more."""
        async with self.services.database.transaction() as db:
            await consents.doubted(db, self.services, Consent(self.user_id, self.clinic_id))

    async def _renew(self) -> None:
        """Take the token that somebody else renewed meanwhile, or renew it. Raises ConsentNeeded."""
        services = self.services
        # A transaction of its own: central has forgotten the old token, so the new one must not be rolled back.
        async with services.database.transaction() as db:
            kept = await store.tokens(db, services.vault, self.user_id, self.clinic_id, lock=True)
            if kept is not None and kept.access != self.access:
                self.access = kept.access
                return
            if kept is not None and kept.refresh is not None:
                client = await store.client(db, services.vault, self.clinic_id)
                given = await renewed(services, client, kept.refresh)
                if given is not None:
                    await store.save(db, services.vault, self.user_id, self.clinic_id, given)
                    self.access = given.access
                    return
            await store.forget(db, self.user_id, self.clinic_id)
            # Central takes the tokens of people who are dismissed: those of the clinic are asked about at once.
            await consents.doubted(db, services, Consent(self.user_id, self.clinic_id))
        raise ConsentNeeded()


@dataclass(frozen=True, slots=True)
class _Place(AbstractAsyncContextManager[None]):
    """A place among the calls, given back at the end."""

    calls: asyncio.Semaphore

    async def __aexit__(self, *_fault: object) -> None:
        self.calls.release()


async def renewed(services: Services, client: Client, refresh: str) -> Tokens | None:
    """New tokens for a refresh token; None when central does not take it. Raises CentralUnavailable."""
    asked = {
        "grant_type": "refresh_token",
        "client_id": str(client.id),
        "client_secret": client.secret,
        "refresh_token": refresh,
    }
    try:
        answer = await services.central.post("/oauth/tokens", body={"token": asked})
    except CentralRefused:
        return None
    return read_tokens(answer.data, services)


def read_tokens(data: Mapping[str, Any], services: Services) -> Tokens:
    """Tokens from the published answer of POST /oauth/tokens. It does not tell how long the refresh token lives: that
    is a term of central's, which the operator sets here too."""
    details = data.get("details") or {}
    return Tokens(
        data["value"],
        details.get("refresh_token"),
        frozenset(str(details.get("scope", "")).split()),
        datetime.fromtimestamp(data["expires_at"], UTC),
        services.clock.now() + services.consent_life if details.get("refresh_token") else None,
    )
