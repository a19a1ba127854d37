"""Central as one patient calls it: with their token, renewed once when it has run out."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from esoz.kernel.db import Connection
from esoz.kernel.errors import Forbidden
from esoz.kernel.pages import mark as _
from esoz.sdk import Answer, GrantEnded, OAuthClient, Tokens, UserSession

from ..connection import Client
from ..services import CabinetPage, Services
from . import store


class SignInNeeded(Forbidden):
    """Central does not know the patient any more: they must come in again."""

    default = _("ЕСОЗ завершила сеанс. Увійдіть ще раз.")


class ConnectionBroke(SignInNeeded):
    """Central renewed the tokens and its answer did not reach us: the old ones are spent."""

    default = _("Зв’язок з ЕСОЗ обірвався, коли поновлювався Ваш сеанс. Увійдіть ще раз: нічого не втрачено.")


class CentralSession:
    """Calls central on behalf of a patient."""

    def __init__(self, services: Services, client: Client, user_id: UUID, access: str) -> None:
        storage = _Storage(services, client, user_id)
        self._session = UserSession(services.gateway.central(client), storage, access)

    async def get(self, path: str, **query: object) -> Answer:
        """Ask central. Raises CentralRefused, CentralUnavailable, SignInNeeded."""
        return await self.call("GET", path, query=query)

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        idempotency_key: str = "",
    ) -> Answer:
        """Send a request; a copy under the same `idempotency_key` is not performed again. Raises as `get`."""
        try:
            return await self._session.call(method, path, body=body, query=query, idempotency_key=idempotency_key)
        except GrantEnded as ended:
            raise (ConnectionBroke() if ended.was_lost else SignInNeeded()) from ended


@dataclass(frozen=True, slots=True)
class _Storage:
    """The tokens of one patient, in a transaction of their own."""

    services: Services
    client: Client
    user_id: UUID

    @asynccontextmanager
    async def locked(self) -> AsyncIterator["_Kept"]:
        async with self.services.database.transaction() as db:
            tokens = await store.tokens(db, self.services.vault, self.user_id, lock=True)
            yield _Kept(self, db, tokens)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The same while they are locked."""

    storage: _Storage
    db: Connection
    tokens: Tokens | None

    async def client(self) -> OAuthClient:
        return self.storage.client

    async def save(self, tokens: Tokens) -> None:
        await store.renew(self.db, self.storage.services.vault, self.storage.user_id, tokens)

    async def forget(self) -> None:
        await store.forget(self.db, self.storage.user_id)


async def calling(page: CabinetPage) -> CentralSession:
    """Central for the page's patient. Raises SignInNeeded when they have no token."""
    services, user_id = page.services, page.user.id
    kept = await store.tokens(page.db, services.vault, user_id)
    if kept is None:
        raise SignInNeeded()
    return CentralSession(services, await services.gateway.client(page.db), user_id, kept.access)
