"""Questions at the door: a nonce to sign, and who I am."""

from uuid import UUID

from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work

from . import commands, store
from .errors import InvalidClient
from .model import Client, Event, User
from .secrets import LOGIN_AUDIENCE, TRUSTED_AUDIENCE, make_nonce


async def nonce(work: Work, client_id: UUID, secret: str | None) -> str:
    """A JWT to be signed with КЕП; a trusted cabinet proves itself with its secret (AUTH-32)."""
    client = await find_client(work, client_id)
    trusted = client.type == "TRUSTED_PIS"
    if trusted:
        await commands.must_know_secret(work, client_id, secret or "")
    work.record(Event.NONCE_ISSUED, client_id)
    audience = TRUSTED_AUDIENCE if trusted else LOGIN_AUDIENCE
    return make_nonce(work.gear.secret, audience=audience, client_id=client_id, nonce=work.new_id(), now=work.now)


async def find_client(work: Work, client_id: UUID) -> Client:
    client = await store.client(work.db, client_id)
    if client is None or client.is_blocked:
        raise InvalidClient()
    return client


async def me(work: Work) -> User:
    """The user of the token."""
    user = await store.user_by_id(work.db, work.actor.user_id) if work.actor.user_id else None
    if user is None:
        raise NotFound()
    work.record(Event.USER_READ, user.id)
    return user
