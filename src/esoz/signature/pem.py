"""What stands around DER in files: PEM armour, bare base64, a mark of UTF-8, blanks at the end."""

import binascii
import re
from typing import NamedTuple

from . import der
from .arguments import octets
from .errors import Unreadable

_ARMOR = re.compile(
    rb"-----BEGIN ([A-Z0-9 #]{1,40})-----\r?\n?((?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)*)"
    rb"([A-Za-z0-9+/=\s]*)-----END "
)
_BEGIN = b"-----BEGIN "
# DER, Java key stores, a container of PrivatBank, archives, PDF and wrappers of the tax service begin so: what looks
# like PEM inside of them is a coincidence.
_BINARY = (b"\x30", b"\xfe\xed", b"\xce\xce", b"\x51", b"PK\x03\x04", b"%PDF-", b"UA1_SIGN\0", b"TRANSPORTABLE\0")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_=\s-]+")
_UTF8_MARK = b"\xef\xbb\xbf"
# What programs leave after the end of a file: line ends, padding to a whole block.
_BLANKS = b"\0\t\n\r \x1a"


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
    found = [_block(match) for match in _ARMOR.finditer(data)]
    if not found:
        raise Unreadable("broken PEM")
    return found


def _block(match: re.Match[bytes]) -> Block:
    label, content = match[1].decode(), _decoded(match[3])
    if label.startswith("TRUSTED "):
        # openssl writes what it believes a certificate to be good for behind it.
        content = der.Node(content, 0, len(content), 0).raw
    return Block(label, match[2], content, match[0] + match[1] + b"-----\n")


def unarmor(data: bytes) -> bytes:
    """DER from DER or PEM (its first piece)."""
    data = octets(data)
    return blocks(data)[0].content if is_pem(data) else data


def undressed(data: bytes) -> bytes:
    """Binary from bare base64 (also that of addresses), DER without what follows it; PEM stays as it is."""
    text = octets(data).removeprefix(_UTF8_MARK)
    if is_pem(text):
        return text
    if _BASE64.fullmatch(text):
        text = _from_base64(text)
    return _without_tail(text) if text.startswith(b"\x30") else text


def _from_base64(text: bytes) -> bytes:
    try:
        decoded = binascii.a2b_base64(text.translate(_USUAL_ALPHABET, b" \t\r\n"), strict_mode=True)
    except binascii.Error:
        return text
    return decoded if decoded.startswith(_BINARY) else text


_USUAL_ALPHABET = bytes.maketrans(b"-_", b"+/")


def _without_tail(data: bytes) -> bytes:
    """A structure without blanks after its end; anything else as it is, for its reader to refuse."""
    try:
        after = der.Node(data, 0, len(data), 0).after
    except Unreadable:
        return data
    return data[:after] if after < len(data) and not data[after:].strip(_BLANKS) else data


def _decoded(text: bytes) -> bytes:
    try:
        return binascii.a2b_base64(text)
    except binascii.Error as error:
        raise Unreadable("broken PEM") from error
