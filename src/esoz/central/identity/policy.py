"""Guards of sign-in: is the client known, the secret its own, the token good; whose clients a caller may see."""

from collections.abc import Iterable
from uuid import UUID

from esoz.kernel.errors import Forbidden
from esoz.kernel.work import Actor, Work

from .errors import BrokerBlocked, ClientBlocked, InvalidClient, InvalidToken
from .model import EVERY_CLIENT_TYPES, Client, Connection, Token, TokenName, digest
from .store import clients as clients_store
from .store import tokens as tokens_store


def must_be_own_client(actor: Actor, client_id: UUID) -> None:
    """A client sees itself only (403 as published); the administration sees all."""
    if actor.client_type not in EVERY_CLIENT_TYPES and actor.client_id != client_id:
        raise Forbidden()


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
