"""DSTU 4145-2002: the Ukrainian elliptic-curve signature, over a ready digest."""

import hmac
from collections.abc import Iterator

from .curves import Curve, Point


def verify(curve: Curve, public: Point, digest: bytes, signature: bytes) -> bool:
    """Whether r||s (each little endian, half of the bytes) is a signature of the digest."""
    half = len(signature) // 2
    if not half or len(signature) % 2:
        return False
    r, s = int.from_bytes(signature[:half], "little"), int.from_bytes(signature[half:], "little")
    if not (0 < r < curve.order and 0 < s < curve.order):
        return False
    x, _, z = curve.combine(s, r, public)
    if not z:
        return False
    field = curve.field
    return r == _truncate(curve, field.multiply(_element(curve, digest), field.multiply(x, field.invert(z))))


def sign(curve: Curve, secret: int, digest: bytes) -> bytes:
    """r||s over a digest. The ephemeral key is a function of the secret and the digest, so it never repeats."""
    h = _element(curve, digest)
    for e in _ephemeral(curve, secret, digest):
        x, _ = curve.base_times(e)
        r = _truncate(curve, curve.field.multiply(h, x))
        s = (e + secret * r) % curve.order
        if r and s:
            break
    size = curve.signature_part
    return r.to_bytes(size, "little") + s.to_bytes(size, "little")


def public_key(curve: Curve, secret: int) -> Point:
    """Q = -d·P."""
    return curve.negate(curve.base_times(secret))


def _element(curve: Curve, digest: bytes) -> int:
    """The digest as a field element: little endian, the low m bits, never zero (DSTU 4145-2002, 5.9)."""
    return int.from_bytes(digest, "little") & ((1 << curve.field.m) - 1) or 1


def _truncate(curve: Curve, element: int) -> int:
    """The field element as a number below the order (DSTU 4145-2002, 5.8)."""
    return element & ((1 << (curve.order.bit_length() - 1)) - 1)


def _ephemeral(curve: Curve, secret: int, digest: bytes) -> Iterator[int]:
    """Candidates 0 < e < n of HMAC-DRBG with SHA-512 (RFC 6979, 3.2)."""
    size = curve.signature_part
    surplus = 8 * size - curve.order.bit_length()
    seed = secret.to_bytes(size, "big") + digest
    k, v = bytes(64), b"\1" * 64
    for mark in (b"\0", b"\1"):
        k = hmac.digest(k, v + mark + seed, "sha512")
        v = hmac.digest(k, v, "sha512")
    while True:
        v = hmac.digest(k, v, "sha512")
        e = int.from_bytes(v[:size], "big") >> surplus
        if 0 < e < curve.order:
            yield e
        k = hmac.digest(k, v + b"\0", "sha512")
        v = hmac.digest(k, v, "sha512")
