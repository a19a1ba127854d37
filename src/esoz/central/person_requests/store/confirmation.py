"""What one telephone was asked by all kinds of requests."""

from datetime import datetime

from esoz.kernel.db import Connection


async def codes_sent(db: Connection, phone: str, since: datetime) -> int:
    """How many codes this telephone got for requests made since then."""
    count: int = await db.fetchval(
        """
        select coalesce(sum(codes_sent), 0) from (
            select codes_sent from person_requests where phone = $1 and inserted_at > $2
            union all
            select codes_sent from authentication_method_requests where phone = $1 and inserted_at > $2
            union all
            select codes_sent from relationship_requests where phone = $1 and inserted_at > $2
        ) sent
        """,
        phone,
        since,
    )
    return count
