"""Central as one user at one clinic calls it: with their token, renewed once when it has run out."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.errors import Forbidden
from esoz.kernel.pages import mark as _
from esoz.mis.base import consents
from esoz.mis.base.section import Consent
from esoz.mis.base.services import Services
from esoz.sdk import Answer, CentralRefused, CentralUnavailable, GrantEnded, OAuthClient, Tokens, UserSession

from .. import store

TURN_SECONDS = 1.0


class ConsentNeeded(Forbidden):
    """Central does not know the user any more: they must consent again. Nothing that they entered is lost."""

    default = _("Надайте доступ до ЕСОЗ ще раз.")


class CentralSession:
    """Calls central. `in_page`: a person waits, so the number of such calls at once is bounded."""

    def __init__(self, services: Services, user_id: UUID, clinic_id: UUID, access: str, in_page: bool = True) -> None:
        self.services, self.user_id, self.clinic_id, self.in_page = services, user_id, clinic_id, in_page
        self._session = UserSession(services.central, _Storage(services, user_id, clinic_id), access)

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
        doubt: bool = True,
        idempotency_key: str = "",
    ) -> Answer:
        """Send one request. `idempotency_key`: a copy under the same one is not performed again.

        `doubt=False`: for an operation whose 403 may be about something else than the user (a patient's code, a
        declaration with another clinic). `renew=False`: for an operation whose 401 may be about something else than the
        token (a patient's code), and which must not be sent twice.

        Raises CentralRefused, CentralUnavailable, ConsentNeeded.
        """
        async with await self._turn():
            try:
                return await self._session.call(
                    method, path, body=body, query=query, renew=renew, idempotency_key=idempotency_key
                )
            except GrantEnded as ended:
                raise ConsentNeeded() from ended
            except CentralRefused as refused:
                if refused.status == 403 and doubt:
                    await self._doubt()
                raise

    async def _turn(self) -> AbstractAsyncContextManager[Any]:
        if not self.in_page:
            return nullcontext()
        calls = self.services.calls
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await calls.acquire()
        except TimeoutError as fault:
            raise CentralUnavailable("too many pages wait for central") from fault
        return _Turn(calls)

    async def _doubt(self) -> None:
        """Central does not let them do it: perhaps they do not work at the clinic any more."""
        async with self.services.database.transaction() as db:
            await consents.doubted(db, self.services, Consent(self.user_id, self.clinic_id))


@dataclass(frozen=True, slots=True)
class _Turn(AbstractAsyncContextManager[None]):
    """A turn among the calls, given back at the end."""

    calls: asyncio.Semaphore

    async def __aexit__(self, *_fault: object) -> None:
        self.calls.release()


@dataclass(frozen=True, slots=True)
class _Storage:
    """The tokens of one user at one clinic, in a transaction of their own."""

    services: Services
    user_id: UUID
    clinic_id: UUID

    @asynccontextmanager
    async def locked(self) -> AsyncIterator["_Kept"]:
        services = self.services
        async with services.database.transaction() as db:
            tokens = await store.tokens(db, services.vault, self.user_id, self.clinic_id, lock=True)
            yield _Kept(self, db, tokens)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The same while they are locked."""

    storage: _Storage
    db: Connection
    tokens: Tokens | None

    async def client(self) -> OAuthClient:
        return await store.client(self.db, self.storage.services.vault, self.storage.clinic_id)

    async def save(self, tokens: Tokens) -> None:
        services, ids = self.storage.services, (self.storage.user_id, self.storage.clinic_id)
        await store.save(self.db, services.vault, *ids, tokens, renewable_until=renewable_until(services, tokens))

    async def forget(self) -> None:
        """Central takes the tokens of people who are dismissed: those of the clinic are asked about at once."""
        await store.forget(self.db, self.storage.user_id, self.storage.clinic_id)
        consent = Consent(self.storage.user_id, self.storage.clinic_id)
        await consents.doubted(self.db, self.storage.services, consent)


def renewable_until(services: Services, given: Tokens) -> datetime | None:
    """The end of the refresh token. Central does not tell it: it is a term of central's, which the operator sets here
    too."""
    return services.clock.now() + services.consent_life if given.refresh else None
