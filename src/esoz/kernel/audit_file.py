"""An audit log as a file: lines of JSON that anybody can check without the database.

The first line is the head. Then for each line of the log its number and hash in the chain and the very bytes that were
hashed; lines that wait for their link; lines in no link, which should not be there; the sealed anchors.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any

import msgspec

from .audit import COLUMNS, GENESIS, canonical
from .audit_check import Link
from .db import Connection, Row
from .payload import UNREADABLE

FORMAT = 1
BATCH = 10_000
_LINES = ", ".join(f"e.{name}" for name in COLUMNS)


class Head(msgspec.Struct, kw_only=True):
    """What a file is. `previous`: the hash before its first line, which nothing in the file proves unless it is 1."""

    esoz_audit: int
    part: str
    exported_at: datetime
    first: int
    previous: str


class Line(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line of the file: `n`, `h`, `l` of a link, `waits` or `outside` of a line without one, `anchor` (base64)."""

    n: int = 0
    h: str = ""
    l: msgspec.Raw = msgspec.Raw(b"null")  # noqa: E741 millions of them stand in a file
    waits: bool = False
    outside: bool = False
    anchor: str = ""


async def links(db: Connection, *, after: int = 0, last: int | None = None) -> AsyncIterator[list[Link]]:
    """The chain with its lines, in batches; the database looks for the next one while this one is judged."""
    coming = asyncio.create_task(_batch(db, after, last))
    while rows := await coming:
        coming = asyncio.create_task(_batch(db, rows[-1]["number"], last))
        await asyncio.sleep(0)  # so that the question leaves
        yield [_link(row) for row in rows]


async def _batch(db: Connection, after: int, last: int | None) -> Sequence[Row]:
    found: Sequence[Row] = await db.fetch(
        f"select c.number, c.hash, e.id is null as is_missing, {_LINES} from audit_chain c"
        " left join audit_events e on e.id = c.event_id and e.at = c.at"
        " where c.number > $1 and c.number <= coalesce($2, c.number) order by c.number limit $3",
        after,
        last,
        BATCH,
    )
    return found


def _link(row: Any) -> Link:
    number, hash, is_missing, *line = row.values()
    return number, hash, None if is_missing else canonical(line)


async def unlinked(db: Connection, *, waiting: bool) -> list[bytes]:
    """Lines in no link: those that wait for one, or those for which none is due."""
    rows = await db.fetch(
        f"select {_LINES} from audit_events e left join audit_pending p on p.event_id = e.id"
        f" where (p.event_id is not null) = $1 and not exists (select from audit_chain c where c.event_id = e.id)"
        " order by e.at, e.id",
        waiting,
    )
    return [canonical(list(row.values())) for row in rows]


async def hash_before(db: Connection, number: int) -> bytes | None:
    """The hash of the link before this number; None when there is no such link."""
    if number <= 1:
        return GENESIS
    found: bytes | None = await db.fetchval("select hash from audit_chain where number = $1", number - 1)
    return found


async def write(db: Connection, file: IO[bytes], head: Head, last: int | None, anchors: Sequence[bytes]) -> int:
    """Write a file; return how many links it has. Call in a transaction that sees one moment (repeatable read)."""
    count = 0
    encode = msgspec.json.Encoder().encode
    file.write(encode(head) + b"\n")
    async for batch in links(db, after=head.first - 1, last=last):
        for number, hash, line in batch:
            file.write(encode(Line(n=number, h=hash.hex(), l=msgspec.Raw(line or b"null"))) + b"\n")
        count += len(batch)
    for line in await unlinked(db, waiting=True) if last is None else ():
        file.write(encode(Line(l=msgspec.Raw(line), waits=True)) + b"\n")
    for line in await unlinked(db, waiting=False) if last is None else ():
        file.write(encode(Line(l=msgspec.Raw(line), outside=True)) + b"\n")
    for anchor in anchors:
        file.write(encode(Line(anchor=base64.b64encode(anchor).decode())) + b"\n")
    return count


class NotALog(ValueError):
    """The file is no exported audit log, or is broken off."""


def read_head(file: IO[bytes]) -> Head:
    """The first line. Raises NotALog."""
    try:
        head = msgspec.json.decode(file.readline(), type=Head)
    except UNREADABLE as fault:
        raise NotALog("the first line is not the head of an audit log") from fault
    if head.esoz_audit != FORMAT:
        raise NotALog(f"format {head.esoz_audit} is not known to this version")
    return head


def read_lines(file: Iterable[bytes]) -> Iterator[Line]:
    """The lines after the head. Raises NotALog."""
    decode = msgspec.json.Decoder(Line).decode
    for place, line in enumerate(file, 2):
        try:
            yield decode(line)
        except UNREADABLE as fault:
            raise NotALog(f"line {place} of the file cannot be read") from fault


def as_link(line: Line) -> Link:
    """A link of the file. Raises NotALog."""
    content = bytes(line.l)
    try:
        return line.n, bytes.fromhex(line.h), None if content == b"null" else content
    except ValueError as fault:
        raise NotALog(f"the hash of line {line.n} cannot be read") from fault
