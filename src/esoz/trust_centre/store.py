"""The trust centre in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from esoz.kernel.db import Connection, Page, Paged, Query, Row, as_model, insert
from esoz.signature import Revocation

from .centre import Sealed
from .model import REASON_CODES, Family, Reason, Record, Status

_LOCK = 0x43454E5452  # one process at a time makes the houses
_COLUMNS = ", ".join(Record.__slots__)
_REMOVED = 8  # RFC 5280, 5.3.1: removeFromCRL


@dataclass(frozen=True, slots=True)
class Lists:
    """The current revocation lists of a family; both in DER and of one number."""

    family: Family
    number: int
    base_number: int
    based_at: datetime
    made_at: datetime
    next_update: datetime
    complete: bytes
    delta: bytes


@dataclass(frozen=True, slots=True)
class SearchCriteria:
    """What is looked for in the register; empty means all."""

    text: str = ""
    family: str = ""
    status: str = ""


async def lock_houses(db: Connection) -> None:
    """One builder at a time, until the end of the transaction."""
    await db.execute("select pg_advisory_xact_lock($1)", _LOCK)


async def houses(db: Connection) -> list[Sealed]:
    rows = await db.fetch("select family, role, certificate, key_file from authorities")
    return [as_model(Sealed, row) for row in rows]


async def add_house(db: Connection, parts: Sequence[Sealed], at: datetime) -> None:
    for part in parts:
        await insert(
            db,
            "authorities",
            family=str(part.family),
            role=part.role,
            certificate=part.certificate,
            key_file=part.key_file,
            made_at=at,
        )


async def add(db: Connection, record: Record) -> None:
    columns = {name: getattr(record, name) for name in Record.__slots__}
    columns |= {"family": str(record.family), "status": str(record.status), "reason": record.reason}
    await insert(db, "certificates", **columns | {"identity": msgspec.to_builtins(record.identity)})


async def find(db: Connection, id: UUID, *, lock: bool = False) -> Record | None:
    """A certificate by our id."""
    row = await db.fetchrow(f"select {_COLUMNS} from certificates where id = $1" + " for update" * lock, id)
    return as_model(Record, row) if row else None


async def newest_of_key(db: Connection, key_identifier: str) -> bytes | None:
    """The certificate of a key in DER; the newest when the key has several."""
    found: bytes | None = await db.fetchval(
        "select content from certificates where key_identifier = $1 order by issued_at desc limit 1", key_identifier
    )
    return found


async def states(db: Connection, family: Family, serials: Sequence[str]) -> Mapping[str, Revocation | None]:
    """Serial number → revocation, None for a good one; numbers that were never issued are absent."""
    rows = await db.fetch(
        "select serial_number, revoked_at, reason from certificates where family = $1 and serial_number = any($2)",
        str(family),
        list(serials),
    )
    return {row["serial_number"]: _revocation(row) for row in rows}


async def search(db: Connection, criteria: SearchCriteria, page: Page, at: datetime) -> Paged:
    """Certificates whose holder, number or code is like the text, newest first."""
    query = Query(f"select {_COLUMNS} from certificates")
    text, status = criteria.text, criteria.status
    if text:
        query.where(
            "(strpos(plain_name(name), plain_name({0})) > 0"
            " or strpos(plain_name(identity ->> 'organization'), plain_name({0})) > 0"
            " or strpos(serial_number, lower({0})) > 0 or key_identifier = lower({0})"
            " or (plain_number({0}) <> '' and plain_number({0}) in"
            " (plain_number(identity ->> 'drfo'), plain_number(identity ->> 'edrpou'))))",
            text,
        )
    query.where_given("family = {0}", criteria.family or None)
    if status == "expired":
        query.where("status = 'valid' and valid_to < {0}", at)
    elif status == str(Status.VALID):
        query.where("status = 'valid' and valid_to >= {0}", at)
    else:
        query.where_given("status = {0}", status or None)
    return await query.page(db, page, order="issued_at desc, id")


async def set_status(db: Connection, record: Record, changed_in: int) -> None:
    """Store the status, reason and moment of a record, told first by the list of this number."""
    await db.execute(
        "update certificates set status = $2, reason = $3, revoked_at = $4, changed_in = $5 where id = $1",
        record.id,
        str(record.status),
        record.reason,
        record.revoked_at,
        changed_in,
    )


async def lists(db: Connection, family: Family, *, lock: bool = False) -> Lists | None:
    """The current lists of a family."""
    row = await db.fetchrow("select * from revocation_lists where family = $1" + " for update" * lock, str(family))
    return as_model(Lists, row) if row else None


async def save_lists(db: Connection, made: Lists) -> None:
    await db.execute(
        "insert into revocation_lists values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (family) do update set"
        " number = excluded.number, base_number = excluded.base_number, based_at = excluded.based_at,"
        " made_at = excluded.made_at, next_update = excluded.next_update, complete = excluded.complete,"
        " delta = excluded.delta",
        str(made.family),
        *(getattr(made, name) for name in Lists.__slots__[1:]),
    )


async def revoked(db: Connection, family: Family, at: datetime) -> dict[int, Revocation]:
    """What a full list tells: revoked and suspended certificates whose term is not over by more than a day."""
    rows = await db.fetch(
        "select serial_number, revoked_at, reason from certificates where family = $1 and revoked_at is not null"
        " and valid_to > $2::timestamptz - interval '1 day'",
        str(family),
        at,
    )
    return {int(row["serial_number"], 16): found for row in rows if (found := _revocation(row))}


async def changed(db: Connection, family: Family, since: int, at: datetime) -> dict[int, Revocation]:
    """What a delta tells: everything that changed after the list of this number; what is good again is removed."""
    rows = await db.fetch(
        "select serial_number, revoked_at, reason from certificates where family = $1 and changed_in > $2",
        str(family),
        since,
    )
    return {int(row["serial_number"], 16): _revocation(row) or Revocation(at, _REMOVED) for row in rows}


def _revocation(row: Row) -> Revocation | None:
    if row["revoked_at"] is None:
        return None
    reason = Reason(row["reason"] or Reason.UNSPECIFIED)
    # RFC 5280, 5.3.1: "unspecified" is told by saying nothing.
    return Revocation(row["revoked_at"], REASON_CODES[reason] or None)
