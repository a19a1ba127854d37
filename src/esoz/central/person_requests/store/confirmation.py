"""What all kinds of requests have in common: one after the other, and what one telephone was asked."""

from datetime import datetime
from uuid import UUID

from esoz.kernel.db import Connection

from ..model.confirmation import DAY, PHONE_WINDOW, CodesSent


async def lock_codes(db: Connection, phone: str, person_id: UUID) -> None:
    """One code of these requests to a telephone at a time, and one about a person, until the transaction ends."""
    for subject in (phone, person_id):
        await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"code of a person request {subject}")


async def lock_subject(db: Connection, kind: str, legal_entity_id: UUID | None, subject: object) -> None:
    """One new request of a kind from a clinic about somebody at a time, until the transaction ends."""
    name = f"{kind} {legal_entity_id} {subject}"
    await db.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", name)


async def keep_signed(db: Connection, folder: str, status: str, before: datetime, most: int) -> int:
    """Forget signed ones but for where the document is; the table is named as the folder. Return how many."""
    result: str = await db.execute(
        f"with due as materialized (select person_id, id from {folder} where status = '{status}' and updated_at < $2"
        f" order by updated_at limit {int(most)} for update skip locked),"
        f" gone as (delete from {folder} where (person_id, id) in (select person_id, id from due)"
        " returning id, person_id, legal_entity_id, signed_document, updated_at, updated_by)"
        " insert into signed_requests (folder, id, person_id, legal_entity_id, signed_document, signed_at, signed_by)"
        " select $1, gone.* from (select id, person_id, legal_entity_id, signed_document, updated_at, updated_by"
        " from gone) gone",
        folder,
        before,
    )
    return int(result.rsplit(" ", 1)[-1])


async def codes_sent(db: Connection, phone: str, person_id: UUID, now: datetime) -> CodesSent:
    """How many codes went out lately at most: of an older request all but the first may be later."""
    row = await db.fetchrow(_CODES_SENT, phone, person_id, now - PHONE_WINDOW, now - DAY)
    return CodesSent(*row)


_OF_ONE_KIND = """
    select phone, person_id, codes_sent, inserted_at, code_sent_at from {}
    where code_sent_at > $4 and (phone = $1 or person_id = $2)
"""
_CODES_SENT = f"""
select coalesce(sum(codes_sent - (inserted_at <= $3)::int) filter (where phone = $1 and code_sent_at > $3), 0),
    coalesce(sum(codes_sent - (inserted_at <= $4)::int) filter (where phone = $1), 0),
    coalesce(sum(codes_sent - (inserted_at <= $4)::int) filter (where person_id = $2), 0)
from ({
    " union all ".join(
        _OF_ONE_KIND.format(table)
        for table in ("person_requests", "authentication_method_requests", "relationship_requests")
    )
}) sent
"""
