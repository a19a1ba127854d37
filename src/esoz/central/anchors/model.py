"""What is sealed of the audit log, and whether a row of anchors is whole."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from esoz.kernel.payload import UNREADABLE

SYSTEM = "esoz central"


class Sealer(Protocol):
    """The seal of the installation."""

    async def sign(self, content: bytes, *, at: datetime) -> bytes: ...


class Statement(msgspec.Struct, kw_only=True, frozen=True):
    """What is signed: so many lines, the hash of the last one (hex), and SHA-256 of the anchor before (hex; "")."""

    system: str
    lines: int
    hash: str
    at: datetime
    previous: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """One anchor. `number`: of the last line that it covers; `signed`: the statement in CAdES."""

    number: int
    hash: bytes
    at: datetime
    signed: bytes
    certificate: bytes

    @property
    def digest(self) -> str:
        """By which the next anchor names it."""
        return digest_of(self.signed)


class NotAnAnchor(ValueError):
    """Signed by another one, or no statement of an audit log."""


def digest_of(signed: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(signed).hexdigest()


def state(number: int, hash: bytes, at: datetime, previous: Anchor | None) -> bytes:
    """The bytes to be signed."""
    before = previous.digest if previous else ""
    return msgspec.json.encode(Statement(system=SYSTEM, lines=number, hash=hash.hex(), at=at, previous=before))


def read_statement(content: bytes) -> tuple[Statement, bytes]:
    """A statement and its hash. Raises NotAnAnchor."""
    try:
        statement = msgspec.json.decode(content, type=Statement)
        hash = bytes.fromhex(statement.hash)
    except (*UNREADABLE, ValueError) as fault:
        raise NotAnAnchor("the signed document is no statement of an audit log") from fault
    if statement.system != SYSTEM or len(hash) != hashlib.sha256().digest_size:
        raise NotAnAnchor("the signed document is a statement of something else")
    return statement, hash


def read_anchors(
    signed: Sequence[bytes], opened: Callable[[bytes], bytes], *, in_a_row: bool = True
) -> tuple[dict[int, bytes], list[tuple[int, str]]]:
    """Sealed hashes by the number of their line, and what is wrong with the anchors.

    `opened` gives the statement that a seal has signed, and raises NotAnAnchor. `in_a_row`: no anchor is left out.
    """
    found: list[tuple[Statement, bytes, str]] = []
    faults: list[tuple[int, str]] = []
    for place, each in enumerate(signed, 1):
        try:
            found.append((*read_statement(opened(each)), digest_of(each)))
        except NotAnAnchor as fault:
            faults.append((0, f"anchor {place}: {fault}"))
    found.sort(key=lambda each: each[0].lines)
    if in_a_row:
        faults += _broken(found)
    return {statement.lines: hash for statement, hash, _digest in found}, faults


def _broken(found: Iterable[tuple[Statement, bytes, str]]) -> list[tuple[int, str]]:
    """Anchors that do not name the one before: another one stood there."""
    faults, before = [], None
    for statement, _hash, digest in found:
        if before is not None and statement.previous != before:
            faults.append((statement.lines, "the anchor before it is gone or another one"))
        before = digest
    return faults
