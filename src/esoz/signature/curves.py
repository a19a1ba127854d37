"""The elliptic curves y² + xy = x³ + ax² + b over GF(2^m) of DSTU 4145-2002 and their points."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from hashlib import shake_256
from types import ModuleType
from typing import Literal

from . import additions, annex_g, oids
from ._accelerator import native_if
from ._native_curve import NativeCurve
from .errors import Unreadable, Unsupported
from .gf2m import Field
from .halving import Halving
from .point import INFINITY, Point, Projective

_WIDTH = 5
# Larger curves belong to roots, which sign a few times in their life: not worth a table.
_LARGEST_WITH_WINDOWS = 257
# 30 kilobytes each with m=257, twice as much with m=431.
_REMEMBERED_KEYS = 128


class Curve:
    """A curve with a base point of prime order n."""

    def __init__(self, field: Field, a: int, b: int, order: int, base: Point) -> None:
        self.field, self.a, self.b, self.order, self.base = field, a, b, order, base
        self._key_halves: Callable[[Point], list[Point]] = lru_cache(_REMEMBERED_KEYS)(self._halves)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same curve with the same base point, however it was named or written."""
        return isinstance(other, Curve) and (self.field.m, self.base) == (other.field.m, other.base)

    def __hash__(self) -> int:
        return hash(self.base)

    @property
    def signature_part(self) -> int:
        """Bytes of r, of s and of a private key: those of the order."""
        return (self.order.bit_length() + 7) // 8

    def contains(self, point: Point) -> bool:
        """Whether the point lies on the curve."""
        x, y = point
        f = self.field
        xx = f.square(x)
        return f.square(y) ^ f.multiply(x, y) == f.multiply(xx, x ^ self.a) ^ self.b

    def double(self, point: Projective) -> Projective:
        """2P."""
        x, y, z = point
        f = self.field
        xz = f.multiply(x, z)
        z3 = f.square(xz)
        bz4 = f.multiply(self.b, f.square(f.square(z)))
        x3 = f.square(f.square(x)) ^ bz4
        inner = f.square(y) ^ bz4
        if self.a:
            inner ^= z3
        return x3, f.reduce(f.product(bz4, z3) ^ f.product(x3, inner)), z3

    def add(self, point: Projective, other: Point) -> Projective:
        """P + Q with Q affine (Lopez-Dahab mixed addition; a is 0 or 1)."""
        x1, y1, z1 = point
        x2, y2 = other
        if not z1:
            return x2, y2, 1
        f = self.field
        s = y1 ^ f.multiply(y2, f.square(z1))
        t = x1 ^ f.multiply(x2, z1)
        if not t:
            return self.double(point) if not s else INFINITY
        c = f.multiply(t, z1)
        z3 = f.square(c)
        inner = s ^ f.square(t)
        if self.a:
            inner ^= c
        x3, e = f.multiply_two(inner, s, c)
        x3 ^= f.square(s)
        e ^= z3
        # Y3 = (x2·Z3 + X3)·E + (x2 + y2)·Z3², with Z3 taken out of both products.
        d, g = f.multiply_two(x2, x2 ^ y2, z3)
        y3 = f.product(d ^ x3, e) ^ f.product(g, z3)
        return x3, f.reduce(y3), z3

    def to_affine(self, points: Iterable[Projective]) -> list[Point]:
        """Affine coordinates of finite points for the price of one inversion."""
        f = self.field
        points = list(points)
        running = [1]
        for _, _, z in points:
            running.append(f.multiply(running[-1], z))
        inverse = f.invert(running[-1])
        affine = []
        for (x, y, z), before in zip(reversed(points), reversed(running[:-1]), strict=True):
            z_inverse = f.multiply(inverse, before)
            inverse = f.multiply(inverse, z)
            affine.append((f.multiply(x, z_inverse), f.multiply(y, f.square(z_inverse))))
        return affine[::-1]

    def negate(self, point: Point) -> Point:
        """-P."""
        return point[0], point[0] ^ point[1]

    def combine(self, s: int, r: int, point: Point) -> Projective:
        """s·base + r·point; `Unreadable` when r is not 0 and the point is not of the order n.

        With the halves P, P/2, P/4 … of both points at hand a product is a sum of some of them. Those with the same
        digit are added first, and then there is one point for every digit. No doublings but a few at the end.
        """
        groups: defaultdict[int, list[Point]] = defaultdict(list)
        self._collect(groups, s, self._base_halves)
        if r:
            self._collect(groups, r, self._key_halves(point))
        total = INFINITY
        by_digit = additions.sums(self.field, self.a, groups)
        weights = {digit: dict(enumerate(_wnaf(digit, 2))) for digit in by_digit}
        for place in reversed(range(_WIDTH)):
            total = self.double(total)
            for digit, multiple in by_digit.items():
                if sign := weights[digit].get(place):
                    total = self.add(total, multiple if sign > 0 else self.negate(multiple))
        return total

    def _collect(self, groups: defaultdict[int, list[Point]], k: int, halves: list[Point]) -> None:
        """Put the halves that k times their first one is made of to their digits."""
        digits = _wnaf((k << len(halves) - 1) % self.order, _WIDTH)
        for digit, point in zip(digits, reversed(halves), strict=False):
            if digit:
                groups[abs(digit)].append(point if digit > 0 else self.negate(point))

    def _halves(self, point: Point) -> list[Point]:
        # As many as the order has bits, and one for the carry of the digits.
        return self._halving.halves(point, self.order.bit_length() + 1)

    @cached_property
    def _base_halves(self) -> list[Point]:
        return self._halves(self.base)

    @cached_property
    def _halving(self) -> Halving:
        return _halving(self.field, self.a)

    def forget_keys(self) -> None:
        """Forget what is remembered of public keys: a verification then costs what it costs for a key never met."""
        self._key_halves = lru_cache(_REMEMBERED_KEYS)(self._halves)
        if self.native is not None:
            self.native.forget_keys()

    @cached_property
    def native(self) -> NativeCurve | None:
        """The C code for this curve, when it is here and gave the known answers."""
        module = _right_native(self.field.m)
        return None if module is None else NativeCurve(module, self)

    def base_times(self, k: int) -> Point:
        """k·base for 0 < k < n: at most one addition for each five bits of k.

        In constant time when the C code is here. In Python it is not: the time tells about k to whoever can measure it.
        """
        if self.native is not None:
            return self.native.base_times(k)
        if self.field.m > _LARGEST_WITH_WINDOWS:
            return self.to_affine([self.combine(k, 0, self.base)])[0]
        total = INFINITY
        for window in self._base_windows:
            digit, k = k & 31, k >> 5
            if digit > 16:
                digit, k = digit - 32, k + 1
            if digit:
                point = window[abs(digit) - 1]
                total = self.add(total, point if digit > 0 else self.negate(point))
        return self.to_affine([total])[0]

    @cached_property
    def _base_windows(self) -> list[list[Point]]:
        """For every i: 1 … 16 times 2^(5i)·base."""
        windows = []
        point = self.base
        for _ in range(self.order.bit_length() // 5 + 1):
            multiples: list[Projective] = [(*point, 1)]
            for _ in range(15):
                multiples.append(self.add(multiples[-1], point))
            multiples.append(self.double(multiples[-1]))
            *window, point = self.to_affine(multiples)
            windows.append(window)
        return windows

    def compress(self, point: Point) -> bytes:
        """x with its lowest bit replaced by the trace of y/x, little endian (DSTU 4145-2002, 6.9)."""
        x, y = point
        f = self.field
        bit = f.trace(f.multiply(y, f.invert(x))) if x else 0
        return (x & ~1 | bit).to_bytes(f.size, "little")

    def expand(self, packed: bytes) -> Point:
        """The point of order n with this compressed form (DSTU 4145-2002, 6.10); `Unreadable` when there is none."""
        if len(packed) != self.field.size:
            raise Unreadable("a point of a wrong length")
        return self.expand_number(int.from_bytes(packed, "little"))

    def expand_number(self, value: int) -> Point:
        """The same for the compressed form read as a number, whichever end it was written from."""
        if value >> self.field.m:
            raise Unreadable("a point of a wrong length")
        if not value:
            raise Unreadable("a public key of order two")
        packed = value.to_bytes(self.field.size, "little")
        point = self._expand(value) if self.native is None else self.native.expand(packed)
        if point is None:
            raise Unreadable("no such point of the order of the curve")
        return point

    def _expand(self, value: int) -> Point | None:
        f = self.field
        bit, x = value & 1, value & ~1
        if f.trace(x) != self.a:
            x ^= 1
        if not x:
            return None
        w = x ^ self.a ^ f.multiply(self.b, f.square(f.invert(x)))
        z = self._halving.solve(w)
        if f.square(z) ^ z != w:
            return None
        if f.trace(z) != bit:
            z ^= 1
        return (x, f.multiply(x, z)) if self._halving.has_order(x, z) else None


def _wnaf(k: int, width: int) -> list[int]:
    """Digits of k, lowest first: zero or odd and below 2^(width-1), at most one of `width` neighbours non-zero."""
    digits = []
    window, half = 1 << width, 1 << (width - 1)
    while k:
        digit = 0
        if k & 1:
            digit = k & (window - 1)
            if digit >= half:
                digit -= window
            k -= digit
        digits.append(digit)
        k >>= 1
    return digits


@lru_cache(maxsize=16)
def _field(m: int, exponents: tuple[int, ...]) -> Field:
    return Field(m, exponents)


@lru_cache(maxsize=16)
def _halving(field: Field, a: int) -> Halving:
    return Halving(field, a)


@lru_cache(maxsize=16)
def named(number: int) -> Curve:
    """The curve of an annex G number (6 is m=257, the curve of people; 9 is m=431, the curve of roots)."""
    if number not in annex_g.CURVES:
        raise Unsupported(f"curve number {number}")
    m, exponents, a, *numbers = annex_g.CURVES[number]
    b, order, x, y = (int(text, 16) for text in numbers)
    return Curve(_field(m, exponents), a, b, order, (x, y))


def by_oid(dotted: str) -> Curve:
    """The curve of an object identifier."""
    arc, _, number = dotted.rpartition(".")
    if arc != oids.DSTU_4145_CURVES or not (number.isascii() and number.isdigit()):
        raise Unsupported(f"curve {dotted}")
    return named(int(number))


@lru_cache(maxsize=32)
def explicit(polynomial: tuple[int, ...], a: int, b: bytes, order: int, base: bytes) -> Curve:
    """A curve given by its parameters, which must be those of a named one; the base point may be another.

    `polynomial` is m followed by the exponents of the middle terms; `b` and the compressed base point stand in either
    byte order, because programs disagree. Certificates with curves of their own making were never seen, and arithmetic
    modulo a polynomial that nobody checked could be made to run for ever.
    """
    m, *exponents = polynomial
    for number, (known_m, known_exponents, known_a, known_b, known_order, *_) in annex_g.CURVES.items():
        known = (known_m, sorted(known_exponents), known_a, int(known_order, 16))
        if known != (m, sorted(exponents), a, order):
            continue
        usual, numbers = named(number), [int.from_bytes(b, end) for end in _ENDS]
        if int(known_b, 16) in numbers:
            likely = numbers.index(int(known_b, 16))
            return _with_base(usual, base, (_ENDS[likely], _ENDS[1 - likely]))
    raise Unsupported("a curve outside the standard")


_ENDS: tuple[Literal["little", "big"], ...] = ("little", "big")


def _with_base(usual: Curve, packed: bytes, ends: tuple[Literal["little", "big"], ...]) -> Curve:
    """The curve with a base point in either byte order: the usual point if it is that, else the first that is one."""
    points, fault = [], Unreadable("a base point of a wrong length")
    for end in ends:
        try:
            points.append(usual.expand_number(int.from_bytes(packed, end)))
        except Unreadable as error:
            fault = error
    if usual.base in points:
        return usual
    if not points:
        raise fault
    return Curve(usual.field, usual.a, usual.b, usual.order, points[0])


# The first bytes of SHAKE256 over a signature made with certain numbers; computed by the Python code.
_KNOWN_ANSWERS = {
    163: "cdf7cd3a991874349ea2034b1a587947",
    167: "7f7c9697a060a97f4925ca46330bd082",
    173: "824ddb476d1cebaa3ef995a7f4391628",
    179: "aa6088c1159399e1c176e4ffdf89ca4c",
    191: "3a10d91e7c161444e8a07b4317806ba3",
    233: "cc6aa3a8dffc9268d128c19affd4c4e7",
    257: "85e2178639462669584aaeb9716561d8",
    307: "8d2cca7ca1a9efb8e971ee9dda9c64b9",
    367: "b0d7b59a9c1030ca46886815960f4d4f",
    431: "b98b518ffe46390586bf3509bdc37525",
}


@lru_cache(maxsize=16)
def _right_native(m: int) -> ModuleType | None:
    """The C code when it signs and verifies on the named curve of this degree as the Python code does."""
    curve = next(named(number) for number, (known_m, *_) in annex_g.CURVES.items() if known_m == m)

    def is_right(module: ModuleType) -> bool:
        native = NativeCurve(module, curve)
        d, e, h = known_numbers(curve)
        signature = native.sign(d, e, h)
        public = curve.negate(native.base_times(d))
        if signature is None or answer(curve, signature, public) != _KNOWN_ANSWERS[m]:
            return False
        r, s = signature
        return native.verify(public, h, r, s) and not native.verify(public, h, r, s ^ 1)

    return native_if(is_right)


def known_numbers(curve: Curve) -> tuple[int, int, int]:
    """A private key, a one-time number and a field element for the known answers: any, but always the same."""
    stream = shake_256(f"DSTU 4145, m={curve.field.m}".encode()).digest(3 * 56)
    d, e, h = (int.from_bytes(stream[i : i + 56], "little") for i in range(0, 3 * 56, 56))
    return d % curve.order, e % curve.order, h % (1 << curve.field.m)


def answer(curve: Curve, signature: tuple[int, int], public: Point) -> str:
    """What is compared: a digest of a signature and of the public key."""
    numbers = (*signature, *public)
    return shake_256(b"".join(number.to_bytes(56, "little") for number in numbers)).hexdigest(16)
