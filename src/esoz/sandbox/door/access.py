"""The holder at central: coming in with their signature, calling with their token, going out."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from esoz.kernel import logs
from esoz.kernel.db import Connection
from esoz.kernel.errors import Forbidden
from esoz.kernel.pages import mark as _
from esoz.sdk import Answer, Bearer, CentralError, GrantEnded, OAuthClient, Tokens, UserSession, read_tokens
from esoz.spec.roles import role_scopes

from . import store
from .services import DoorPage, Services

GRANT = "pis_auth"
ROLE = "PATIENT"


class SignInNeeded(Forbidden):
    """Central does not know the holder, or does not any more: they must come in."""

    default = _("Увійдіть до ЕСОЗ.")


class CentralSession:
    """Calls central on behalf of the holder."""

    def __init__(self, services: Services, holder_id: UUID, access: str) -> None:
        self._session = UserSession(services.central, _Storage(services, holder_id), access)

    async def get(self, path: str, **query: object) -> Answer:
        """Ask central. Raises CentralRefused, CentralUnavailable, SignInNeeded."""
        return await self._call("GET", path, query=query)

    async def post(self, path: str, body: object, *, key: str = "") -> Answer:
        """As `get`; `key`: a copy under the same one is not performed again."""
        return await self._call("POST", path, body=body, idempotency_key=key)

    async def patch(self, path: str, body: object, *, key: str = "") -> Answer:
        return await self._call("PATCH", path, body=body, idempotency_key=key)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, object] | None = None,
        idempotency_key: str = "",
    ) -> Answer:
        try:
            return await self._session.call(method, path, body=body, query=query, idempotency_key=idempotency_key)
        except GrantEnded as ended:
            raise SignInNeeded() from ended


@dataclass(frozen=True, slots=True)
class _Storage:
    """The tokens of one holder, in a transaction of their own."""

    services: Services
    holder_id: UUID

    @asynccontextmanager
    async def locked(self) -> AsyncIterator["_Kept"]:
        async with self.services.database.transaction() as db:
            tokens = await store.tokens(db, self.services.vault, self.holder_id, lock=True)
            yield _Kept(self, db, tokens)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The same while they are locked."""

    storage: _Storage
    db: Connection
    tokens: Tokens | None

    async def client(self) -> OAuthClient:
        return self.storage.services.client

    async def save(self, tokens: Tokens) -> None:
        await store.renew(self.db, self.storage.services.vault, self.storage.holder_id, tokens)

    async def forget(self) -> None:
        await store.forget(self.db, self.storage.holder_id)


async def calling(page: DoorPage) -> CentralSession:
    """Central for the holder of the page. Raises SignInNeeded when they have no token."""
    kept = await store.tokens(page.db, page.services.vault, page.user.id)
    if kept is None:
        raise SignInNeeded()
    return CentralSession(page.services, page.user.id, kept.access)


async def ask_nonce(page: DoorPage) -> str:
    """What central wants to find in a signed document, once and within a quarter of an hour."""
    client = page.services.client
    body = {"client_id": str(client.id), "client_secret": client.secret}
    return str((await page.services.central.post("/oauth/nonce", body=body)).record()["token"])


def to_be_signed(nonce: str) -> bytes:
    """The exact bytes that are signed to come in (AUTH-34)."""
    return json.dumps({"jwt": nonce}).encode()


def client_grant(services: Services) -> dict[str, str]:
    """Who asks, and for what: all that a patient may do, as all of it is shown here."""
    return {
        "grant_type": GRANT,
        "client_id": str(services.client.id),
        "client_secret": services.client.secret,
        "scope": " ".join(sorted(role_scopes(ROLE))),
    }


def signed_content(document: bytes) -> dict[str, str]:
    """A signed document as it travels."""
    return {"signed_content": base64.b64encode(document).decode(), "signed_content_encoding": "base64"}


async def sign_in(page: DoorPage, document: bytes) -> None:
    """Come in with the holder's signature on central's nonce. Raises CentralError."""
    holder, services = page.user, page.services
    asked = {"token": client_grant(services) | signed_content(document)}
    answer = await services.central.post("/api/pis/sign-in", body=asked)
    given = read_tokens(answer.record())
    person = (await services.central.get("/api/pis/person", Bearer(given.access))).record()
    await store.save(page.db, services.vault, holder.id, UUID(person["id"]), given)


async def sign_out(page: DoorPage) -> None:
    """Go out of ЕСОЗ; the session at the door is another thing."""
    kept = await store.tokens(page.db, page.services.vault, page.user.id)
    await store.forget(page.db, page.user.id)
    if kept is None:
        return
    try:
        await page.services.central.post("/auth/logout", Bearer(kept.access))
    except CentralError as fault:  # forgotten here in any case, and runs out there by itself
        logs.warning("central did not take the sign-out", fault=type(fault).__name__)
