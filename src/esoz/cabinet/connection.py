"""How the cabinet is connected to central: its client id, secret and API-key, sealed in the database."""

from dataclasses import dataclass
from uuid import UUID

import httpx

from esoz.kernel.db import Connection
from esoz.kernel.errors import Unavailable
from esoz.kernel.pages import mark as _
from esoz.kernel.vault import Vault
from esoz.sdk import Central, OAuthClient

from . import store

VAULT = "esoz.cabinet.vault"
SECRET, API_KEY = "client secret", "api-key"  # purposes in the vault


class NotConnected(Unavailable):
    """The operator has not told the cabinet its secret and API-key yet."""

    default = _("Кабінет ще не підключено до ЕСОЗ. Спробуйте пізніше.")


@dataclass(frozen=True, slots=True)
class Client(OAuthClient):
    """The cabinet as OAuth knows it."""

    api_key: str


async def set_client(db: Connection, secret: bytes, client_id: UUID, *, client_secret: str, api_key: str) -> None:
    """Connect the cabinet to central, or change its secrets; `secret` is the installation's own (Settings.secret)."""
    vault = Vault(secret, VAULT)
    sealed_secret = vault.seal(client_secret, f"{SECRET} {client_id}")
    await store.save_client(db, client_id, sealed_secret, vault.seal(api_key, f"{API_KEY} {client_id}"))


class Gateway:
    """The way to central with the API-key of now: a changed key is used from the next page on."""

    def __init__(self, url: str, vault: Vault, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.url, self._vault, self._transport = url, vault, transport
        self._open: dict[str, Central] = {}

    async def client(self, db: Connection) -> Client:
        """Who we are at central. Raises NotConnected."""
        row = await store.find_client(db)
        if row is None:
            raise NotConnected()
        client_id = row["id"]
        return Client(
            client_id,
            self._vault.open(row["client_secret"], f"{SECRET} {client_id}"),
            self._vault.open(row["api_key"], f"{API_KEY} {client_id}"),
        )

    def central(self, client: Client) -> Central:
        """Central for this API-key; connections are kept."""
        found = self._open.get(client.api_key)
        if found is None:
            found = Central(self.url, api_key=client.api_key, transport=self._transport)
            self._open[client.api_key] = found
        return found

    async def close(self) -> None:
        """Close the connections. A closed gateway opens new ones when it is asked again."""
        while self._open:
            await self._open.popitem()[1].close()
