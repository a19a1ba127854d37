"""Every byte of an ASN.1 structure, one node a line: offset, header, what it is."""

from collections.abc import Iterator

from .. import der
from ..errors import SignatureError, Unreadable
from .names import named

_TAGS = {
    der.BOOLEAN: "BOOLEAN",
    der.INTEGER: "INTEGER",
    der.BIT_STRING: "BIT STRING",
    der.OCTET_STRING: "OCTET STRING",
    der.OCTET_STRING | 0x20: "OCTET STRING",
    der.NULL: "NULL",
    der.OID: "OID",
    der.ENUMERATED: "ENUMERATED",
    der.UTF8_STRING: "UTF8String",
    0x12: "NumericString",
    der.PRINTABLE_STRING: "PrintableString",
    0x14: "T61String",
    der.IA5_STRING: "IA5String",
    der.UTC_TIME: "UTCTime",
    der.GENERALIZED_TIME: "GeneralizedTime",
    0x1E: "BMPString",
    der.SEQUENCE: "SEQUENCE",
    der.SET: "SET",
}
_TEXTS = frozenset({der.UTF8_STRING, 0x12, der.PRINTABLE_STRING, 0x14, der.IA5_STRING, 0x1E})
_TIMES = frozenset({der.UTC_TIME, der.GENERALIZED_TIME})
_BYTES = 32
_NUMBERS = frozenset({der.INTEGER, der.ENUMERATED})


def lines(node: der.Node, depth: int = 0, base: int = 0) -> Iterator[str]:
    """The node and everything inside; an OCTET STRING that holds DER is opened too."""
    header = node.raw[: node.body - node.start].hex(" ")
    name = _TAGS.get(node.tag) or (f"[{node.context}]" if node.context is not None else f"tag {node.tag:02x}")
    inside = None if node.is_constructed else _inside(node)
    first, *others = [""] if node.is_constructed or inside is not None else _value(node)
    yield f"{base + node.start:6}  {'  ' * depth}{header}  {name}  {first}".rstrip()
    for more in others:
        yield f"{'':6}  {'  ' * depth}  {more}"
    for child in node.children if node.is_constructed else ():
        yield from lines(child, depth + 1, base)
    if inside is not None:
        skipped = 1 if node.tag == der.BIT_STRING else 0
        yield from lines(inside, depth + 1, base + node.body + skipped)


def _inside(node: der.Node) -> der.Node | None:
    """The one structure that fills a string of bytes."""
    content = node.content[1:] if node.tag == der.BIT_STRING else node.content
    if node.tag not in (der.OCTET_STRING, der.BIT_STRING) or content[:1] not in (b"\x30", b"\x04"):
        return None
    try:
        inside = der.read(content)
        return inside if all(True for _ in _walk(inside)) else None
    except Unreadable:
        return None


def _walk(node: der.Node) -> Iterator[der.Node]:
    yield node
    for child in node.children if node.is_constructed else ():
        yield from _walk(child)


def _value(node: der.Node) -> list[str]:
    """What a node says, in words where it has some, else its bytes in lines of 32."""
    try:
        if node.tag == der.OID:
            dotted = node.oid()
            name = named(dotted)
            return [dotted if name == dotted else f"{dotted}  {name}"]
        if node.tag in _TEXTS:
            return [node.text()]
        if node.tag in _TIMES:
            return [node.time().isoformat().replace("+00:00", "Z")]
        if node.tag in _NUMBERS and node.end - node.body <= 4:
            return [str(node.integer())]
    except SignatureError:
        pass
    content = node.content
    pieces = [content[at : at + _BYTES].hex(" ") for at in range(0, len(content), _BYTES)] or [""]
    return pieces if len(pieces) == 1 else ["", *pieces]
