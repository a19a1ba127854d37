"""What all kinds of requests have in common: one after the other, and what one telephone was asked."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection


async def lock_phone(db: Connection, phone: str) -> None:
    """One code of these requests to a telephone at a time, until the transaction ends."""
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"code of a person request {phone}")


async def lock_subject(db: Connection, kind: str, legal_entity_id: UUID | None, subject: object) -> None:
    """One new request of a kind from a clinic about somebody at a time, until the transaction ends."""
    name = f"{kind} {legal_entity_id} {subject}"
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", name)


async def codes_sent(db: Connection, phone: str, since: datetime) -> int:
    """How many codes this telephone got since then at most: of an older request all but the first may be later."""
    count: int = await db.fetchval(
        """
        select coalesce(sum(codes_sent - case when inserted_at > $2 then 0 else 1 end), 0) from (
            select codes_sent, inserted_at from person_requests where phone = $1 and code_sent_at > $2
            union all
            select codes_sent, inserted_at from authentication_method_requests where phone = $1 and code_sent_at > $2
            union all
            select codes_sent, inserted_at from relationship_requests where phone = $1 and code_sent_at > $2
        ) sent
        """,
        phone,
        since,
    )
    return count
