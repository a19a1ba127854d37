"""Changes honest bytes: anywhere, or in one node of the tree with all lengths around it put right again."""

import random

from esoz.signature import SignatureError, der

INTERESTING = (0x00, 0x01, 0x02, 0x05, 0x30, 0x31, 0x7F, 0x80, 0x81, 0x84, 0x88, 0xA0, 0xA3, 0xFF)
LARGEST = 8192
_DEEPEST = 12


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A variant of at most LARGEST bytes: of the bytes, or of the tree when the bytes are one."""
    if chance.randrange(3):
        try:
            return _of_tree(data, chance)[:LARGEST]
        except SignatureError:
            pass
    return _of_bytes(data, chance)[:LARGEST]


def _of_bytes(data: bytes, chance: random.Random) -> bytes:
    variant = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(variant) or 1)
        size = chance.choice((1, 1, 1, 2, 8, 40))
        match chance.randrange(5):
            case 0:
                variant[place : place + 1] = bytes((chance.choice(INTERESTING),))
            case 1:
                variant[place : place + size] = chance.randbytes(size)
            case 2:
                del variant[place : place + size]
            case 3:
                variant[place:place] = variant[place : place + size]
            case 4:
                other = chance.randrange(len(variant) or 1)
                variant[place : place + size] = variant[other : other + size]
    return bytes(variant)


def _of_tree(data: bytes, chance: random.Random) -> bytes:
    node = der.read(data)
    path = []
    while len(path) < _DEEPEST:
        path.append(node)
        inner = _inside(node)
        if not inner or not chance.randrange(8):
            break
        node = chance.choice(inner)
    return _replaced(path, _changed(node, chance))


def _inside(node: der.Node) -> list[der.Node]:
    """The children, also of what is packed into an octet string."""
    if node.is_constructed:
        return list(node.children)
    if node.tag == der.OCTET_STRING and node.content[:1] in (b"\x30", b"\x04"):
        try:
            return [der.read(node.content)]
        except SignatureError:
            return []
    return []


def _changed(node: der.Node, chance: random.Random) -> bytes:
    """The node left out, doubled, wrapped, emptied, repeated, shuffled, of another tag or of other bytes."""
    content, tag = node.content, node.tag
    children = [child.raw for child in node.children] if node.is_constructed else [content]
    chance.shuffle(children)
    ways = (
        lambda: b"",
        lambda: node.raw * 2,
        lambda: _encoded(0x30, node.raw),
        lambda: _encoded(tag, b""),
        lambda: _encoded(tag, content * chance.choice((2, 9, 40))),
        lambda: _encoded(tag, b"".join(children)),
        lambda: _encoded(chance.choice(INTERESTING), content),
        lambda: _encoded(tag, _of_bytes(content, chance)),
        lambda: _encoded(tag, _of_bytes(content, chance)),
    )
    return chance.choice(ways)()


def _replaced(path: list[der.Node], fresh: bytes) -> bytes:
    """The outermost node of the path with its innermost one replaced."""
    for inner, outer in zip(reversed(path), reversed(path[:-1]), strict=False):
        if outer.is_constructed:
            parts = [fresh if child is inner else child.raw for child in outer.children]
            fresh = _encoded(outer.tag, b"".join(parts))
        else:
            fresh = _encoded(outer.tag, fresh)
    return fresh


def _encoded(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
