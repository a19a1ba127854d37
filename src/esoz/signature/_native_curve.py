"""A curve in the optional C code: whole verifications and whole signatures in one call."""

import secrets
from collections.abc import Callable
from functools import lru_cache
from types import ModuleType
from typing import Protocol

from .gf2m import Field
from .point import Point

# Bytes of a number as the C code takes it.
_SIZE = 56
# Keys of authorities come with every document, keys of doctors many times a day: 900 bytes for each.
_REMEMBERED_KEYS = 4096


class DomainParameters(Protocol):
    """The numbers that make a curve."""

    field: Field
    a: int
    b: int
    order: int
    base: Point


class NativeCurve:
    """The same as the Python code of `curves` and `dstu4145`, faster; secrets go through a constant-time ladder.

    The C code refuses numbers out of their range with `ValueError`.
    """

    def __init__(self, module: ModuleType, curve: DomainParameters, *, portable: bool = False) -> None:
        self.m, self._size = curve.field.m, curve.field.size
        numbers = _pack(curve.b, curve.order, *curve.base)
        self._curve = module.Curve(curve.field.m, curve.field.exponents, curve.a, numbers, portable)
        self._window: Callable[[Point], bytes]
        self.forget_keys()

    def forget_keys(self) -> None:
        """Forget what is remembered of public keys."""
        self._window = lru_cache(_REMEMBERED_KEYS)(self._make_window)

    def _make_window(self, point: Point) -> bytes:
        return bytes(self._curve.window(_pack(*point)))

    def verify(self, public: Point, h: int, r: int, s: int) -> bool:
        """Whether (r, s) is a signature over the field element h; numbers out of range are not."""
        return bool(self._curve.verify(self._window(public), _pack(h, r, s)))

    def sign(self, d: int, e: int, h: int) -> tuple[int, int] | None:
        """(r, s) with the one-time number e; None when another e must be taken."""
        packed = self._curve.sign(_pack(d, e, h, *self._blinds()))
        return None if packed is None else _unpack(packed)

    def base_times(self, k: int) -> Point:
        """k·base for 0 < k < n."""
        return _unpack(self._curve.base_times(_pack(k, *self._blinds())))

    def expand(self, packed: bytes) -> Point | None:
        """The point of order n with a compressed form, None when there is none."""
        point = self._curve.expand(packed.ljust(_SIZE, b"\0"))
        return None if point is None else _unpack(point)

    def _blinds(self) -> tuple[int, int]:
        """Two random field elements that are not zero: no two runs of the ladder see the same coordinates."""
        most = (1 << self.m) - 1
        return 1 + secrets.randbelow(most), 1 + secrets.randbelow(most)


def _pack(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(_SIZE, "little") for number in numbers)


def _unpack(packed: bytes) -> tuple[int, int]:
    return int.from_bytes(packed[:_SIZE], "little"), int.from_bytes(packed[_SIZE:], "little")
