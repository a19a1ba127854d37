"""Writes strict DER: the only encoding that may be signed."""

from datetime import UTC, datetime

from . import arguments, der


def tlv(tag: int, *parts: bytes) -> bytes:
    """One node with the shortest length."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of already encoded parts."""
    return tlv(der.SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET OF: the parts sorted, as DER asks (X.690, 11.6)."""
    return tlv(der.SET, *sorted(parts))


def explicit(number: int, *parts: bytes) -> bytes:
    """[number] EXPLICIT, or the IMPLICIT form of a structure given by its parts."""
    return tlv(0xA0 | number, *parts)


def implicit(number: int, content: bytes) -> bytes:
    """[number] IMPLICIT of a primitive value given by its content."""
    return tlv(0x80 | number, content)


def integer(value: int) -> bytes:
    """INTEGER."""
    return tlv(der.INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def boolean(value: bool) -> bytes:
    """BOOLEAN."""
    return tlv(der.BOOLEAN, b"\xff" if value else b"\0")


def enumerated(value: int) -> bytes:
    """ENUMERATED below 128."""
    return tlv(der.ENUMERATED, bytes((value,)))


def null() -> bytes:
    """NULL."""
    return tlv(der.NULL)


def octet_string(content: bytes) -> bytes:
    """OCTET STRING."""
    return tlv(der.OCTET_STRING, content)


def bit_string(content: bytes, unused: int = 0) -> bytes:
    """BIT STRING whose last byte has `unused` bits of padding."""
    return tlv(der.BIT_STRING, bytes((unused,)), content)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(der.OID, *map(_arc, (40 * first + second, *rest)))


def utf8(text: str) -> bytes:
    """UTF8String."""
    return tlv(der.UTF8_STRING, text.encode())


def printable(text: str) -> bytes:
    """PrintableString."""
    return tlv(der.PRINTABLE_STRING, text.encode("ascii"))


def time(moment: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280, 4.1.2.5); whole seconds."""
    moment = arguments.moment(moment).astimezone(UTC)
    if moment.year < 2050:
        return tlv(der.UTC_TIME, moment.strftime("%y%m%d%H%M%SZ").encode())
    return generalized_time(moment)


def generalized_time(moment: datetime) -> bytes:
    """GeneralizedTime in whole seconds."""
    return tlv(der.GENERALIZED_TIME, arguments.moment(moment).astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode())


def _arc(value: int) -> bytes:
    """One arc of an object identifier in base 128."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(0x80 | value & 0x7F)
    return bytes(reversed(out))
