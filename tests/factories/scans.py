"""Scans: the smallest JPEG that is one, and what only looks like one."""

import struct


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def jpeg(*, width: int = 8, note: bytes = b"") -> bytes:
    """A frame of 8 rows and a scan; `note` makes another file of the same picture."""
    frame = struct.pack(">BHHB", 8, 8, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
        + (_segment(0xFE, note) if note else b"")
        + _segment(0xC0, frame)
        + _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x7f\xff\xd9"
    )
