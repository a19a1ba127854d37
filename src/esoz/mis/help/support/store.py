"""What a browser does not keep, in SQL."""

from uuid import UUID

from esoz.kernel.db import Connection


async def drafts_of(db: Connection, user_id: UUID) -> int:
    """How many records a user has begun and not signed: they are kept here and not in the browser."""
    found: int = await db.fetchval(
        "select count(*)::int from documents where user_id = $1 and state in ('draft', 'ready')", user_id
    )
    return found
