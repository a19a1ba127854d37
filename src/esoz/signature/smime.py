"""S/MIME messages (RFC 8551): takes the signature out, and the document when it lies beside it."""

import binascii
import re
from typing import NamedTuple

from .errors import NotASignature, Unreadable

# Headers of a message are short; nobody looks further for them.
_LONGEST_HEADERS = 64 * 1024
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(rb"\r?\n[ \t]+")
_LINE_END = re.compile(rb"\r?\n")
_KIND = re.compile(
    rb"^content-type:[ \t]*(multipart/signed|application/(?:x-)?pkcs7-(?:mime|signature))\b",
    re.IGNORECASE | re.MULTILINE,
)
_BOUNDARY = re.compile(rb'boundary="?([^";\r\n]{1,70})"?', re.IGNORECASE)
_BINARY = re.compile(rb"^content-transfer-encoding:[ \t]*binary\b", re.IGNORECASE | re.MULTILINE)


class Message(NamedTuple):
    """The signature in DER, and the document in the forms in which it may have been signed; none when it is inside."""

    signature: bytes
    contents: tuple[bytes, ...]


def is_message(data: bytes) -> bool:
    """Whether a file begins with the headers of a signed (or encrypted) message."""
    return _KIND.search(_unfolded(data)) is not None


def read(data: bytes) -> Message:
    """Both forms of RFC 8551, 3.5. Raises `Unreadable`, or `NotASignature` for an unsigned message."""
    headers = _unfolded(data)
    kind = _KIND.search(headers)
    if kind is None:
        raise NotASignature("a message without a signature")
    if kind[1].lower() != b"multipart/signed":
        return Message(_body(data), ())
    boundary = _BOUNDARY.search(headers)
    if boundary is None:
        raise Unreadable("a message of parts without a boundary")
    document, signature = _parts(data, boundary[1])
    # What is signed has the line ends of mail (RFC 8551, 3.1.1), whatever the file has; some programs forget that.
    canonical = _LINE_END.sub(b"\r\n", document)
    return Message(_body(signature), tuple(dict.fromkeys((canonical, document))))


def _headers(data: bytes) -> bytes:
    end = _BLANK_LINE.search(data, 0, _LONGEST_HEADERS)
    return b"" if end is None else data[: end.start()]


def _unfolded(data: bytes) -> bytes:
    return _FOLDED.sub(b" ", _headers(data))


def _body(part: bytes) -> bytes:
    """What the base64 of a part holds."""
    end = _BLANK_LINE.search(part, 0, _LONGEST_HEADERS)
    body = part if end is None else part[end.end() :]
    if _BINARY.search(_unfolded(part)):
        return body
    try:
        return binascii.a2b_base64(body)
    except binascii.Error as error:
        raise Unreadable("broken base64 in a message") from error


def _parts(data: bytes, boundary: bytes) -> tuple[bytes, bytes]:
    """The first two parts; the line end before a boundary belongs to it (RFC 2046, 5.1.1)."""
    line = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary.strip()) + rb"(?:--)?[ \t]*(?=\r?\n|$)")
    found = list(line.finditer(data))
    if len(found) < 2:
        raise Unreadable("a message with missing parts")
    ends = [*(match.start() for match in found[1:]), len(data)]
    parts = [data[match.end() : end] for match, end in zip(found, ends, strict=True)]
    return _LINE_END.sub(b"", parts[0], count=1), _LINE_END.sub(b"", parts[1], count=1)
