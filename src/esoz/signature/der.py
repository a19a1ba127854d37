"""Reads DER and BER as Ukrainian issuers really write it, and keeps the received bytes."""

from collections.abc import Iterator, Sized
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice

from .arguments import octets
from .errors import Unreadable

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
ENUMERATED, UTF8_STRING, PRINTABLE_STRING, IA5_STRING = 0x0A, 0x0C, 0x13, 0x16
UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x17, 0x18, 0x30, 0x31

MAX_DEPTH = 32
MAX_SIZE = 256 * 1024 * 1024
MOST_CHILDREN = 20_000  # that are remembered; longer lists are read one by one
MOST_PIECES = 300_000  # of a string of indefinite length: the largest document in pieces of a thousand bytes

_CONSTRUCTED = 0x20
_CLASS = 0xC0
_CONTEXT = 0x80
_WIDE_STRINGS = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}


def _must_be_few(nodes: Sized, most: int) -> None:
    if len(nodes) > most:
        raise Unreadable(f"more than {most} values in one structure")


def read(data: bytes) -> "Node":
    """The one node that fills `data`; `Unreadable` when there is less or more than one."""
    data = octets(data)
    if len(data) > MAX_SIZE:
        raise Unreadable(f"longer than {MAX_SIZE} bytes")
    node = Node(data, 0, len(data), 0)
    if node.after != len(data):
        raise Unreadable("bytes after the end of the structure")
    return node


class Node:
    """One TLV inside a buffer that is never copied.

    Children are cut out only when asked for, each level once, so hostile input costs at most MAX_DEPTH passes.
    """

    __slots__ = ("_children", "_data", "_depth", "_indefinite", "after", "body", "end", "start", "tag")

    def __init__(self, data: bytes, start: int, limit: int, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Unreadable(f"nested deeper than {MAX_DEPTH}")
        self._data, self._depth, self.start = data, depth, start
        self._children: tuple[Node, ...] | None = None
        self.tag, length, self.body = _header(data, start, limit)
        self._indefinite = length is None
        if length is None:
            self.end = self._find_end(limit)
            self.after = self.end + 2
        else:
            self.end = self.after = self.body + length

    def _find_end(self, limit: int) -> int:
        """Where the end-of-contents octets of a BER indefinite length stand."""
        position, depth = self.body, self._depth + 1
        children = []
        while self._data[position : position + 2] != b"\0\0":
            child = Node(self._data, position, limit, depth)
            children.append(child)
            _must_be_few(children, MOST_PIECES)
            position = child.after
        self._children = tuple(children)
        return position

    @property
    def raw(self) -> bytes:
        """The whole node exactly as it was received."""
        return self._data[self.start : self.after]

    @property
    def content(self) -> bytes:
        """The received bytes between the header and the end."""
        return self._data[self.body : self.end]

    @property
    def is_constructed(self) -> bool:
        """Whether the node holds other nodes."""
        return bool(self.tag & _CONSTRUCTED)

    @property
    def context(self) -> int | None:
        """The number of a context-specific tag, None for other tags."""
        return self.tag & 0x1F if self.tag & _CLASS == _CONTEXT else None

    @property
    def children(self) -> tuple["Node", ...]:
        """The nodes inside; `Unreadable` for a primitive node."""
        if self._children is None:
            found = tuple(islice(self.each(), MOST_CHILDREN + 1))
            _must_be_few(found, MOST_CHILDREN)
            self._children = found
        return self._children

    def each(self) -> Iterator["Node"]:
        """The nodes inside, one by one and not remembered: for revocation lists with 100,000 entries."""
        if not self.is_constructed:
            raise Unreadable("a primitive value where a structure is expected")
        position = self.body
        while position < self.end:
            child = Node(self._data, position, self.end, self._depth + 1)
            yield child
            position = child.after
            if position > self.end:
                raise Unreadable("a value is longer than the structure around it")

    @property
    def as_set(self) -> bytes:
        """The received bytes with the tag of SET OF: what a signature over signed attributes covers."""
        if self._indefinite:
            raise Unreadable("signed attributes of indefinite length")
        return b"\x31" + self._data[self.start + 1 : self.after]

    def fields(self, tag: int = SEQUENCE) -> "Fields":
        """The children, to be taken one after another."""
        return Fields(self.expect(tag))

    def expect(self, tag: int) -> "Node":
        """The node itself when it has this tag."""
        if self.tag != tag:
            raise Unreadable(f"tag {self.tag:02x} where {tag:02x} is expected")
        return self

    def unwrap(self, tag: int) -> "Node":
        """The value of a context tag, whether it is explicit (as many Ukrainian centres write) or implicit."""
        if self.is_constructed and len(self.children) == 1 and self.children[0].tag == tag:
            return self.children[0]
        return self

    def only(self) -> "Node":
        """The single child."""
        if len(self.children) != 1:
            raise Unreadable(f"{len(self.children)} values where one is expected")
        return self.children[0]

    def oid(self) -> str:
        """An object identifier in dotted form."""
        return _dotted(self.expect(OID).content)

    def integer(self) -> int:
        """A signed integer of at most 8 kilobits (also of an implicit tag)."""
        if self.is_constructed or not 0 < self.end - self.body <= 1024:
            raise Unreadable("an integer of a wrong length")
        return int.from_bytes(self.content, "big", signed=True)

    def boolean(self) -> bool:
        """A truth value."""
        if self.is_constructed or self.end - self.body != 1:
            raise Unreadable("a boolean of a wrong length")
        return self.content != b"\0"

    def octets(self) -> bytes:
        """The value of an octet string, also one cut in pieces (BER)."""
        if not self.is_constructed:
            return self.content
        return b"".join(child.octets() for child in self.children)

    def octet_string(self) -> bytes:
        """The same, and the tag must say it: for contents that are hashed or authenticated without their header."""
        if self.tag not in (OCTET_STRING, OCTET_STRING | _CONSTRUCTED):
            raise Unreadable("not an octet string")
        return self.octets()

    def whole_bits(self) -> bytes:
        """The bytes of a bit string that has no unused bits: a signature or a key."""
        if self.is_constructed or self.content[:1] != b"\0":
            raise Unreadable("a bit string of not whole bytes")
        return self.content[1:]

    def bits(self) -> bytes:
        """The bytes of a bit string, also a non-minimal one; the unused bits stay as they are."""
        if self.is_constructed:
            return b"".join(child.bits() for child in self.children)
        content = self.content
        if not content or content[0] > 7:
            raise Unreadable("a broken bit string")
        return content[1:]

    def text(self) -> str:
        """A character string of any kind."""
        if self.is_constructed:
            raise Unreadable("a structure where a text is expected")
        encoding = _WIDE_STRINGS.get(self.tag, "utf-8")
        try:
            return self.content.decode(encoding)
        except UnicodeDecodeError:
            # T61String and mislabelled strings of old centres are in the Ukrainian Windows code page.
            return self.content.decode("cp1251", errors="replace")

    def time(self) -> datetime:
        """UTCTime or GeneralizedTime as an aware UTC moment."""
        if self.tag not in (UTC_TIME, GENERALIZED_TIME):
            raise Unreadable("not a time")
        return _moment(self.content, self.tag)


class Fields:
    """Takes the children of a structure in order; every surprise is `Unreadable`."""

    __slots__ = ("_items", "_next")

    def __init__(self, node: Node) -> None:
        self._items = node.children
        self._next = 0

    def __bool__(self) -> bool:
        return self._next < len(self._items)

    def take(self, tag: int | None = None) -> Node:
        """The next child, which must be there."""
        if not self:
            raise Unreadable("a required field is missing")
        node = self._items[self._next]
        self._next += 1
        return node if tag is None else node.expect(tag)

    def take_if(self, *tags: int) -> Node | None:
        """The next child when it has one of these tags."""
        if self and self._items[self._next].tag in tags:
            return self.take()
        return None

    def take_context(self, number: int) -> Node | None:
        """The next child when it has this context tag, primitive or constructed."""
        if self and self._items[self._next].context == number:
            return self.take()
        return None

    def finish(self) -> None:
        """Nothing may be left."""
        if self:
            raise Unreadable("an unexpected field")


def _header(data: bytes, start: int, limit: int) -> tuple[int, int | None, int]:
    """Tag byte, length (None when indefinite) and where the content begins."""
    if start + 2 > limit:
        raise Unreadable("the data end too early")
    tag, first, body = data[start], data[start + 1], start + 2
    if tag & 0x1F == 0x1F or tag == 0:
        raise Unreadable("a tag that no signature format uses")
    if first < 0x80:
        length = first
    elif first == 0x80:
        if not tag & _CONSTRUCTED:
            raise Unreadable("a primitive value of indefinite length")
        return tag, None, body
    else:
        body += first & 0x7F
        if first > 0x88 or body > limit:
            raise Unreadable("a broken length")
        length = int.from_bytes(data[start + 2 : body], "big")
    if body + length > limit:
        raise Unreadable("the data end too early")
    return tag, length, body


@lru_cache(maxsize=1024)
def _dotted(content: bytes) -> str:
    """Decode the content of an OBJECT IDENTIFIER (X.690, 8.19)."""
    if not 0 < len(content) <= 64 or content[-1] & 0x80:
        raise Unreadable("a broken object identifier")
    arcs, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _moment(content: bytes, tag: int) -> datetime:
    """Decode YYMMDDhhmm[ss] or YYYYMMDDhhmm[ss[.fff]] with Z or an offset."""
    try:
        text = content.decode("ascii")
        digits, offset = _split_zone(text)
        if tag == UTC_TIME:
            # RFC 5280, 4.1.2.5.1: two-digit years of 50 and later belong to the twentieth century.
            digits = ("19" if digits[:2] >= "50" else "20") + digits
        whole, _, fraction = digits.partition(".")
        if not whole.isdigit() or len(whole) not in (12, 14) or (fraction and not fraction.isdigit()):
            raise Unreadable("a broken time")
        month, day, hour, minute, *seconds = (int(whole[i : i + 2]) for i in range(4, len(whole), 2))
        second = seconds[0] if seconds else 0
        micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
        return datetime(int(whole[:4]), month, day, hour, minute, second, micro, tzinfo=UTC) - offset
    except (ValueError, OverflowError) as error:
        raise Unreadable("a broken time") from error


def _split_zone(text: str) -> tuple[str, timedelta]:
    """The digits of a time and its distance from UTC."""
    if text.endswith("Z"):
        return text[:-1], timedelta()
    digits, sign, zone = text[:-5], text[-5:-4], text[-4:]
    if sign not in ("+", "-") or not zone.isdigit():
        raise Unreadable("a time without its zone")
    hours, minutes = int(zone[:2]), int(zone[2:])
    if hours > 23 or minutes > 59:
        raise Unreadable("a time in an impossible zone")
    offset = timedelta(hours=hours, minutes=minutes)
    return digits, offset if sign == "+" else -offset
