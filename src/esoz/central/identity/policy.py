"""Guards of sign-in: is the client known, the secret its own, the token good; addresses of return."""

import hmac
import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from esoz.kernel.errors import AccessDenied, Forbidden, NotFound
from esoz.kernel.work import Actor, Work

from .errors import BrokerBlocked, ClientBlocked, InvalidClient, InvalidToken
from .model import EVERY_CLIENT_TYPES, Client, Connection, Token, TokenName, Vendor, digest
from .store import clients as clients_store
from .store import tokens as tokens_store

KEY_REQUIRED = "API-KEY header required."
KEY_INVALID = BrokerBlocked.default
_LOOPBACK = re.compile(r"^(http://(?:127\.0\.0\.1|\[::1\]))(?::[0-9]{1,5})?(?=/|\?|$)")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:_-]+(?:[/?][!$&-;=?-Z_a-z~%]*)?")  # no user, fragment, backslash


def must_be_own_client(actor: Actor, client_id: UUID) -> None:
    """A client sees itself only (403 as published); the administration sees all."""
    if actor.client_type not in EVERY_CLIENT_TYPES and actor.client_id != client_id:
        raise Forbidden()


def must_know_psk(vendor: Vendor, headers: Mapping[str, str]) -> None:
    """Of a MIS with a pre-shared key: without it there is nothing here (published as header X-Custom-PSK)."""
    asked = headers.get("x-custom-psk", "")
    if vendor.psk_hash is not None and not hmac.compare_digest(vendor.psk_hash, digest(asked)):
        raise NotFound()


async def vendor_of_key(work: Work, headers: Mapping[str, str]) -> UUID:
    """Whose key a request carries, a blocked vendor's too: who is blocked may learn that they are.

    Raises AccessDenied without a key or with one that nobody has, NotFound for a wrong pre-shared key.
    """
    key = headers.get("api-key")
    if not key:
        raise AccessDenied(KEY_REQUIRED)
    hashed = digest(key)
    vendor = (await clients_store.vendors(work.db, [hashed], blocked_too=True)).get(hashed)
    if vendor is None:
        raise AccessDenied(KEY_INVALID)
    must_know_psk(vendor, headers)
    return vendor.id


async def live_token(work: Work, token_id: UUID | None, names: Iterable[TokenName]) -> Token:
    """A token of one of these kinds that is still good; raise InvalidToken otherwise."""
    token = await tokens_store.token_by_id(work.db, token_id) if token_id else None
    if token is None or token.name not in names or token.expires_at <= work.now:
        raise InvalidToken()
    return token


async def must_be_client(work: Work, client_id: UUID) -> Client:
    """The client; raise InvalidClient when there is none, ClientBlocked (AUTH-14)."""
    client = await clients_store.client(work.db, client_id)
    if client is None:
        raise InvalidClient()
    if client.is_blocked:
        raise ClientBlocked()
    return client


async def must_know_secret(work: Work, client_id: UUID, secret: str) -> Client:
    """The client, when the secret is of one of its connections; raise InvalidClient otherwise."""
    return (await known_connection(work, client_id, secret))[0]


async def must_know_connection(work: Work, client_id: UUID, secret: str) -> tuple[Client, UUID]:
    """The same, with the broker that the secret is for."""
    client, connection = await known_connection(work, client_id, secret)
    return client, connection.broker_id


async def known_connection(
    work: Work, client_id: UUID, secret: str, *, public: bool = False
) -> tuple[Client, Connection]:
    """The client and the connection whose secret this is; raise InvalidClient, or BrokerBlocked (AUTH-29).

    `public`: a client without a secret is let in without one, because something else proves it.
    """
    client, hashed = await must_be_client(work, client_id), digest(secret)
    for connection in await clients_store.connections(work.db, client.id):
        if connection.secret_hash == hashed or (public and connection.is_public and not secret):
            if await clients_store.broker_is_blocked(work.db, connection.broker_id):
                raise BrokerBlocked()
            return client, connection
    raise InvalidClient()


def redirect_allowed(redirect_uri: str, registered: str) -> bool:
    """AUTH-28: the registered address, letter for letter (RFC 9700, 2.1); on loopback at any port (RFC 8252, 7.3)."""
    return redirect_uri == registered or (
        _LOOPBACK.match(registered) is not None
        and _LOOPBACK.sub(r"\1", redirect_uri, count=1) == _LOOPBACK.sub(r"\1", registered, count=1)
    )


def redirect_may_be_registered(address: str, *, sandbox: bool) -> bool:
    """AUTH-31: https only, or loopback; a page, not a way to one, and nothing that programs read in two ways.

    The sandbox runs on one machine without certificates.
    """
    if not _ADDRESS.fullmatch(address):
        return False
    path = address.partition("://")[2].partition("?")[0]
    is_safe = sandbox or address.startswith("https://") or _LOOPBACK.match(address) is not None
    return is_safe and not {".", ".."} & set(path.lower().replace("%2e", ".").split("/"))


def answer_address(redirect_uri: str, **answer: str) -> str:
    """Where the browser goes with the answer: a query of the address stays, a fragment goes (RFC 6749, 3.1.2)."""
    address = urlsplit(redirect_uri)
    query = "&".join(part for part in (address.query, urlencode(answer)) if part)
    return urlunsplit(address._replace(query=query, fragment=""))


def granted(
    requested: frozenset[str], *, client_type: frozenset[str], roles: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """AUTH-28: what of the requested scopes may be granted, and what may not."""
    allowed = requested & client_type & roles
    return allowed, requested - allowed
