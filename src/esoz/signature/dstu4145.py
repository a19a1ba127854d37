"""DSTU 4145-2002: the Ukrainian elliptic-curve signature, over a ready digest."""

import hmac
import secrets
from collections.abc import Iterator

from .curves import Curve
from .point import Point


def verify(curve: Curve, public: Point, digest: bytes, signature: bytes) -> bool:
    """Whether r||s (each little endian, half of the bytes) is a signature of the digest.

    The public key is a point of the order of the curve, as `Curve.expand` answers it.
    """
    half = len(signature) // 2
    if not half or len(signature) % 2:
        return False
    r, s = int.from_bytes(signature[:half], "little"), int.from_bytes(signature[half:], "little")
    if not (0 < r < curve.order and 0 < s < curve.order):
        return False
    h = _element(curve, digest)
    return verify_in_python(curve, public, h, r, s) if curve.native is None else curve.native.verify(public, h, r, s)


def verify_in_python(curve: Curve, public: Point, h: int, r: int, s: int) -> bool:
    """Whether r is the low bits of h·x of the point s·P + r·Q (DSTU 4145-2002, 13)."""
    x, _, z = curve.combine(s, r, public)
    if not z:
        return False
    field = curve.field
    return r == _truncate(curve, field.multiply(h, field.multiply(x, field.invert(z))))


def sign(curve: Curve, secret: int, digest: bytes, noise: bytes | None = None) -> bytes:
    """r||s over a digest.

    The C code does the arithmetic in constant time: the point, r, and s = e + d·r modulo the order. The Python code
    does not, because Python integers do not; it is for tests and for machines that nobody else can watch.
    `noise` instead of fresh random bytes is for tests.
    """
    h = _element(curve, digest)
    candidates = _ephemeral(curve, secret, digest, secrets.token_bytes(32) if noise is None else noise)
    signature = None
    while signature is None:
        e = next(candidates)
        signature = sign_in_python(curve, secret, e, h) if curve.native is None else curve.native.sign(secret, e, h)
    size = curve.signature_part
    return b"".join(number.to_bytes(size, "little") for number in signature)


def sign_in_python(curve: Curve, secret: int, e: int, h: int) -> tuple[int, int] | None:
    """(r, s) with the one-time number e (DSTU 4145-2002, 12); None when another e must be taken."""
    x, _ = curve.base_times(e)
    r = _truncate(curve, curve.field.multiply(h, x))
    s = (e + secret * r) % curve.order
    return (r, s) if r and s else None


def public_key(curve: Curve, secret: int) -> Point:
    """Q = -d·P."""
    return curve.negate(curve.base_times(secret))


def _element(curve: Curve, digest: bytes) -> int:
    """The digest as a field element: little endian, the low m bits, never zero (DSTU 4145-2002, 5.9)."""
    return int.from_bytes(digest, "little") & ((1 << curve.field.m) - 1) or 1


def _truncate(curve: Curve, element: int) -> int:
    """The field element as a number below the order (DSTU 4145-2002, 5.8)."""
    return element & ((1 << (curve.order.bit_length() - 1)) - 1)


def _ephemeral(curve: Curve, secret: int, digest: bytes, noise: bytes) -> Iterator[int]:
    """Candidates 0 < e < n of HMAC-DRBG with SHA-512 (RFC 6979, 3.2, with the additional input of 3.6).

    The seed is the key, the digest and fresh random bytes. A broken generator of random numbers does not repeat e for
    another digest, since the digest is in the seed; and whoever disturbs the computation cannot get two signatures of
    one digest with one e, since the random bytes are.
    """
    size = curve.signature_part
    surplus = 8 * size - curve.order.bit_length()
    seed = secret.to_bytes(size, "big") + digest + noise
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
