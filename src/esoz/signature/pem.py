"""PEM armour: base64 between two lines, perhaps with other text around."""

import binascii
import re
from typing import NamedTuple

from .errors import Unreadable

_ARMOR = re.compile(
    rb"-----BEGIN ([A-Z0-9 #]{1,40})-----\r?\n?((?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*)"
    rb"([A-Za-z0-9+/=\s]*)-----END "
)
_BEGIN = b"-----BEGIN "
# DER, a Java key store and a container of PrivatBank begin so: what looks like PEM inside of them is a coincidence.
_BINARY = (b"\x30", b"\xfe", b"\x51")


class Block(NamedTuple):
    """One armoured piece: its label, its headers (old encrypted keys have some), its bytes."""

    label: str
    headers: bytes
    content: bytes
    raw: bytes


def is_pem(data: bytes) -> bool:
    """Whether a file is PEM and not DER; text before the armour, as openssl writes it, does not matter."""
    return data.lstrip().startswith(_BEGIN) or (not data.startswith(_BINARY) and _BEGIN in data)


def blocks(data: bytes) -> list[Block]:
    """Every piece; `Unreadable` when there is none or its base64 is broken."""
    found = [
        Block(m[1].decode(), m[2], _decoded(m[3]), m[0] + m[1] + b"-----\n") for m in _ARMOR.finditer(data)
    ]
    if not found:
        raise Unreadable("broken PEM")
    return found


def unarmor(data: bytes) -> bytes:
    """DER from DER or PEM (its first piece)."""
    return blocks(data)[0].content if is_pem(data) else data


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text)
    except binascii.Error as error:
        raise Unreadable("broken PEM") from error
