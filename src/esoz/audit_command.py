"""`esoz audit`: take the audit log out as a file, and check one: the database's own, or a file, without any server."""

import argparse
import asyncio
import base64
import gzip
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeAlias

from esoz.central import anchors
from esoz.central.anchors import NotAnAnchor
from esoz.gateways.seal import open_sealed
from esoz.kernel import audit_file
from esoz.kernel.audit_check import Examination, Flaw
from esoz.kernel.audit_file import Head, Line, NotALog
from esoz.kernel.db import Connection, Database
from esoz.kernel.serve import database_url
from esoz.kernel.settings import Settings
from esoz.signature import Certificate, SignatureError, TrustList
from esoz.signature.trust import read_certificates

PARTS = ("central", "mis", "cabinet")
SOUND, UNSOUND, UNREADABLE = 0, 1, 2  # exit status
AT_ONCE = 10_000

Command: TypeAlias = Callable[[argparse.Namespace, Settings], int]
Opened: TypeAlias = Callable[[bytes], bytes]


def add_to(parser: argparse.ArgumentParser) -> None:
    """The acts of the command."""
    acts = parser.add_subparsers(required=True, metavar="act")
    taking = acts.add_parser("export", help="the log as a file that anybody can check")
    taking.add_argument("file", type=Path, help="what to write; NAME.gz is packed")
    taking.add_argument("--first", type=int, default=1, help="number of the first line; 1 when left out")
    taking.add_argument("--last", type=int, help="number of the last line; all when left out")
    taking.set_defaults(audit_command=export)
    checking = acts.add_parser("verify", help="whether a log is whole; exit status 1 when it is not")
    checking.add_argument("file", type=Path, nargs="?", help="an exported log; the part's own database when left out")
    about = "a certificate of the seal, as central publishes it at /audit; may be given several times"
    checking.add_argument("--certificate", type=Path, action="append", default=[], help=about)
    about = "a folder of trusted authorities, to believe timestamps too"
    checking.add_argument("--trust", type=Path, help=about)
    about = "an anchor that was published, kept elsewhere; what it covers must be in the log"
    checking.add_argument("--anchor", type=Path, action="append", default=[], help=about)
    checking.set_defaults(audit_command=verify)
    for each in (taking, checking):
        each.add_argument("--part", choices=PARTS, default="central", help="whose log; central's when left out")


@dataclass(slots=True)
class Found:
    """What a check has found."""

    examination: Examination
    first: int = 1
    waiting: int = 0
    sealed: int = 0


def export(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write the log of a part."""
    try:
        with _opened(arguments.file, "wb") as file:
            count = asyncio.run(_export(arguments, settings, file))
    except (OSError, ValueError) as fault:
        print(f"nothing was exported: {fault}", file=sys.stderr)
        return UNREADABLE
    print(f"{count} lines of the log of {arguments.part} in {arguments.file}")
    return SOUND


def _opened(path: Path, mode: str) -> IO[bytes]:
    return gzip.open(path, mode) if path.suffix == ".gz" else path.open(mode)  # type: ignore[return-value]  # binary


async def _export(arguments: argparse.Namespace, settings: Settings, file: IO[bytes]) -> int:
    async with _at_one_moment(settings, arguments.part) as db:
        return await write_log(db, file, arguments.part, arguments.first, arguments.last)


async def write_log(db: Connection, file: IO[bytes], part: str, first: int = 1, last: int | None = None) -> int:
    """Write the log of a part; return how many links it has. Raises ValueError when there is no such first line."""
    previous = await audit_file.hash_before(db, first)
    if previous is None:
        raise ValueError(f"the log has no line {first - 1}")
    now = datetime.now(UTC)
    head = Head(esoz_audit=audit_file.FORMAT, part=part, exported_at=now, first=first, previous=previous.hex())
    return await audit_file.write(db, file, head, last, await _anchors(db, part, first, last))


async def _anchors(db: Connection, part: str, first: int, last: int | None) -> Sequence[bytes]:
    return await anchors.signed(db, first, last) if part == "central" else ()


@asynccontextmanager
async def _at_one_moment(settings: Settings, part: str) -> AsyncIterator[Connection]:
    database = Database(database_url(settings, part), size=1)
    await database.open()
    try:
        async with database.connection() as db, db.transaction(isolation="repeatable_read", readonly=True):
            yield db
    finally:
        await database.close()


def verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check a log and tell what was found."""
    began = time.monotonic()
    try:
        opened = opening([path.read_bytes() for path in arguments.certificate], arguments.trust)
        kept = [path.read_bytes() for path in arguments.anchor]
        if arguments.file is None:
            found = asyncio.run(_verify_database(settings, arguments.part, kept, opened))
        else:
            found = check_file(arguments.file, kept, opened)
    except (OSError, NotALog, SignatureError) as fault:
        print(f"the log cannot be checked: {fault}", file=sys.stderr)
        return UNREADABLE
    return _tell(found, time.monotonic() - began, is_sealed=opened is not None)


def opening(certificates: Sequence[bytes], folder: Path | None = None) -> Opened | None:
    """Opens anchors that the given seals have signed; None when no seal is given. Raises SignatureError."""
    seals: list[Certificate] = [each for data in certificates for each in read_certificates(data)]
    if not seals:
        return None
    believed = TrustList.from_folder(folder).certificates if folder else ()
    trust = TrustList([*seals, *believed])

    def opened(signed: bytes) -> bytes:
        try:
            sealed = open_sealed(signed, trust, at=datetime.now(UTC))
        except SignatureError as fault:
            raise NotAnAnchor(str(fault)) from fault
        if sealed.certificate not in seals:
            raise NotAnAnchor("signed by another one than the seal")
        return sealed.content

    return opened


def _examination(signed: Sequence[bytes], kept: Sequence[bytes], opened: Opened | None) -> Examination:
    """Anchors are read first: they say where the chain must have stood; those kept elsewhere count for more."""
    if opened is None:
        return Examination({})
    own, faults = anchors.read_anchors(signed, opened)
    others, more = anchors.read_anchors(kept, opened, in_a_row=False)
    faults += more
    faults += [(number, "two anchors differ") for number, hash in others.items() if own.get(number, hash) != hash]
    examination = Examination(own | others)
    for number, what in faults:
        examination.note(Flaw.SEAL, number, what)
    return examination


async def _verify_database(settings: Settings, part: str, kept: Sequence[bytes], opened: Opened | None) -> Found:
    async with _at_one_moment(settings, part) as db:
        return await check_database(db, part, kept, opened)


async def check_database(db: Connection, part: str, kept: Sequence[bytes], opened: Opened | None) -> Found:
    """Check the log of a part in its database. `kept`: anchors from elsewhere."""
    signed = await _anchors(db, part, 1, None)
    found = Found(_examination(signed, kept, opened), sealed=len(signed))
    async for batch in audit_file.links(db):
        found.examination.take(batch)
    for line in await audit_file.unlinked(db, waiting=False):
        found.examination.note(Flaw.OUTSIDE, what=_id_of(line))
    found.waiting = len(await audit_file.unlinked(db, waiting=True))
    found.examination.end()
    return found


def check_file(path: Path, kept: Sequence[bytes], opened: Opened | None) -> Found:
    """The same of an exported log. Raises NotALog."""
    with _opened(path, "rb") as file:
        head = audit_file.read_head(file)
        signed = [base64.b64decode(line.anchor) for line in audit_file.read_lines(file) if line.anchor]
    with _opened(path, "rb") as file:
        audit_file.read_head(file)
        found = Found(_examination(signed, kept, opened), head.first, sealed=len(signed))
        examination = found.examination
        if head.first > 1:  # the hash before it is believed until an anchor behind it says the same
            examination.number, examination.hash = head.first - 1, bytes.fromhex(head.previous)
        for batch in _batches(audit_file.read_lines(file)):
            examination.take(audit_file.as_link(line) for line in batch if line.n)
            found.waiting += sum(line.waits for line in batch)
            for line in batch:
                if line.outside:
                    examination.note(Flaw.OUTSIDE, what=_id_of(bytes(line.l)))
    examination.end()
    return found


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in lines:
        batch.append(line)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    yield batch


def _id_of(line: bytes) -> str:
    """The id of a line: its first column."""
    return line[2:38].decode(errors="replace")


def _tell(found: Found, seconds: float, *, is_sealed: bool) -> int:
    examination = found.examination
    count = examination.number - found.first + 1
    print(f"lines: {count}, {found.first} to {examination.number}; {count / max(seconds, 0.001):,.0f} a second")
    if found.first > 1:
        print(f"what stands before line {found.first} is not in the file: nothing is said of it")
    print(f"lines that wait for their link: {found.waiting}")
    if is_sealed:
        covered = examination.anchored
        print(f"anchors: {found.sealed}; sealed up to line {covered}, {examination.number - covered} lines not yet")
    else:
        print(f"anchors: {found.sealed}, not looked at: give --certificate with the seal's certificate")
    for fault in examination.faults:
        print(f"FAULT {fault}")
    if examination.count > len(examination.faults):
        print(f"FAULT and {examination.count - len(examination.faults)} more")
    print("the log is whole" if not examination.count else f"the log is not whole: {examination.count} faults")
    return UNSOUND if examination.count else SOUND
