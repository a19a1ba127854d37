"""What the registration of legal entities asks of identity: the client's name, and one connection for a vendor."""

from uuid import UUID

from esoz.kernel.work import Work

from ..store import clients as store
from ..store import tokens
from .registry import connect


async def rename_client(work: Work, client_id: UUID, *, name: str, type: str) -> None:
    """Let the OAuth client be named and typed as its legal entity is now (LE-14)."""
    await store.rename_client(work.db, client_id, name, type)


async def connect_once(work: Work, *, client_id: UUID, broker_id: UUID, redirect_uri: str) -> str | None:
    """Connect a client with a broker unless it is connected; the secret of a new connection, or None (LE-14)."""
    if any(each.broker_id == broker_id for each in await store.connections(work.db, client_id)):
        return None
    return await connect(work, client_id=client_id, broker_id=broker_id, redirect_uri=redirect_uri)


async def end_tokens_of_client(work: Work, client_id: UUID) -> None:
    """End every live token that was given for a client (LE-21)."""
    await tokens.expire_tokens_of_client(work.db, client_id, work.now)
