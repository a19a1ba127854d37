"""Data that is the same for everybody: rendered once, compressed once, and told apart by a tag.

Only the envelope around it differs from answer to answer. It is compressed by itself and set before the compressed
data: parts of a deflate stream may be made apart when each ends on a byte, and the checksum of the whole follows from
those of the parts. So megabytes cost an answer no more than its envelope does.
"""

import hashlib
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

RAW = -15  # deflate without a header of its own
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
UNCHANGED = 304
NO_BODY = b""


@dataclass(frozen=True, slots=True)
class Prepared:
    """JSON of the `data` block, and the same as a part of a deflate stream."""

    plain: bytes
    packed: bytes
    etag: str
    checksum: int
    # What so many bytes after them make of a checksum: a linear map of 32 bits, as its columns.
    shift: tuple[int, ...]

    @classmethod
    def of(cls, plain: bytes) -> "Prepared":
        """Compress; takes a tenth of a second for megabytes, so call it beside the loop."""
        zeros = bytes(len(plain))
        none = zlib.crc32(zeros, 0)
        shift = tuple(zlib.crc32(zeros, 1 << bit) ^ none for bit in range(32))
        etag = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
        return cls(plain, _part(plain, zlib.Z_FULL_FLUSH), etag, zlib.crc32(plain), shift)

    def gzip(self, before: bytes, after: bytes) -> bytes:
        """A whole gzip file of `before`, the data, and `after`."""
        checksum, first = self.checksum, zlib.crc32(before)
        for bit, column in enumerate(self.shift):
            if first >> bit & 1:
                checksum ^= column
        length = len(before) + len(self.plain) + len(after)
        end = struct.pack("<II", zlib.crc32(after, checksum), length & 0xFFFFFFFF)
        parts = (_part(before, zlib.Z_FULL_FLUSH), self.packed, _part(after, zlib.Z_FINISH))
        return b"".join((GZIP_HEAD, *parts, end))

    def answer(self, asked: Mapping[str, str], before: bytes, after: bytes) -> tuple[int | None, bytes, dict[str, str]]:
        """Status when it is not the operation's own, body and headers, by the headers of the request (RFC 9110)."""
        headers = {"etag": self.etag, "cache-control": "no-cache", "vary": "accept-encoding"}
        known = {tag.strip() for tag in asked.get("if-none-match", "").split(",")}
        if self.etag in known or "*" in known:
            return UNCHANGED, NO_BODY, headers
        if accepts_gzip(asked.get("accept-encoding", "")):
            return None, self.gzip(before, after), headers | {"content-encoding": "gzip"}
        return None, before + self.plain + after, headers


def accepts_gzip(header: str) -> bool:
    """Whether a caller can unpack gzip: it is named, and not with the weight of nothing (RFC 9110, 12.5.3)."""
    for part in header.lower().split(","):
        name, _, weight = part.strip().partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.strip().removeprefix("q=").strip("0.") != "" or not weight
    return False


def _part(data: bytes, flush: int) -> bytes:
    compressor = zlib.compressobj(6, zlib.DEFLATED, RAW)
    return compressor.compress(data) + compressor.flush(flush)
