"""Signatures inside PDF (PAdES, ETSI EN 319 142): each covers the file but for the place where it stands itself."""

import re
from typing import NamedTuple

from .errors import NotASignature, NotForSignature, Unreadable, Unsupported

_MARK = b"%PDF-"
_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_HEX = re.compile(rb"<[0-9A-Fa-f\s]*>")
_KIND = re.compile(rb"/SubFilter\s*/([A-Za-z0-9.]{1,40})")
_KNOWN = frozenset({b"ETSI.CAdES.detached", b"adbe.pkcs7.detached"})
_TIMESTAMP = b"ETSI.RFC3161"
_MOST_SIGNATURES = 64
# A dictionary of a signature is short but for its contents.
_DICTIONARY = 4096
_BLANKS = b"\0\t\n\f\r "


class Signature(NamedTuple):
    """One signature in DER, what it covers, and where the covered part of the file ends."""

    der: bytes
    covered: bytes
    end: int


def is_pdf(data: bytes) -> bool:
    """Whether a file begins as PDF does; a signature with a PDF inside has the same letters a little later."""
    return data[:64].lstrip(b"\xef\xbb\xbf" + _BLANKS).startswith(_MARK)


def signatures(data: bytes) -> list[Signature]:
    """Every signature of people and seals, in the order in which they were made.

    What stands behind the last of them was added afterwards and is signed by nobody: `NotForSignature`. Raises
    `NotASignature` for a PDF without signatures, `Unsupported` for kinds of before PAdES.
    """
    found: list[Signature] = []
    ends: list[int] = []
    for match in _RANGE.finditer(data):
        if len(ends) >= _MOST_SIGNATURES:
            raise Unreadable(f"more than {_MOST_SIGNATURES} signatures")
        kind = _kind(data, match)
        one = _read(data, tuple(map(int, match.groups())))
        ends.append(one.end)
        if kind == _TIMESTAMP:
            # Over the whole file, signatures included: it covers what was added for the long term.
            continue
        if kind not in _KNOWN:
            raise Unsupported(f"a signature of PDF of the kind {kind.decode()}")
        found.append(one)
    if not found:
        raise NotASignature("PDF")
    if data[max(ends) :].strip(_BLANKS):
        raise NotForSignature("the PDF was changed after it was signed")
    return sorted(found, key=lambda signature: signature.end)


def _kind(data: bytes, match: re.Match[bytes]) -> bytes:
    """SubFilter of the dictionary in which the range stands, before it or behind its contents."""
    begin, end = match.start(), match.end()
    opened = data.rfind(b"<<", max(0, begin - _DICTIONARY), begin)
    before = list(_KIND.finditer(data, max(opened, 0), begin))
    if before:
        return before[-1][1]
    behind = [place for place in (end, int(match[3])) if place < len(data)]
    for place in behind:
        closed = data.find(b">>", place, place + _DICTIONARY)
        later = _KIND.search(data, place, closed if closed >= 0 else place)
        if later is not None:
            return later[1]
    return b"none"


def _read(data: bytes, numbers: tuple[int, ...]) -> Signature:
    start, before, behind, after = numbers
    gap = data[before:behind]
    # Anything else between the two parts would be seen by a reader and signed by nobody.
    if start or behind + after > len(data) or not _HEX.fullmatch(gap):
        raise Unreadable("a signature of PDF that does not cover all around itself")
    digits = bytes(byte for byte in gap[1:-1] if byte not in _BLANKS)
    contents = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return Signature(contents, data[:before] + data[behind : behind + after], behind + after)
