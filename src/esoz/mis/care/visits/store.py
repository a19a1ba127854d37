"""What is kept beside visits in SQL."""

from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection

from .model import Card, CardPart


async def card(db: Connection, document_id: UUID) -> Card | None:
    """The card that was read when the visit was opened."""
    row = await db.fetchrow("select content, read_at from visit_cards where document_id = $1", document_id)
    return Card(msgspec.convert(row["content"], dict[str, CardPart]), row["read_at"]) if row else None


async def keep_card(db: Connection, document_id: UUID, card: Card) -> None:
    await db.execute(
        "insert into visit_cards (document_id, content, read_at) values ($1, $2, $3)"
        " on conflict (document_id) do update set content = excluded.content, read_at = excluded.read_at",
        document_id,
        msgspec.to_builtins(card.parts),
        card.read_at,
    )


async def delete_old_cards(db: Connection, before: datetime) -> None:
    """Forget cards of visits that nobody has opened since then."""
    await db.execute("delete from visit_cards where read_at < $1", before)
