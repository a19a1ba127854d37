"""Arithmetic in the binary field GF(2^m) in polynomial basis: an element is an int, bit i is the coefficient of x^i."""

from collections.abc import Callable
from functools import cached_property

_HIGH = bytes(i >> 4 for i in range(256))
_LOW = bytes(i & 15 for i in range(256))


class Field:
    """GF(2^m) modulo x^m + sum(x^k) + 1.

    Multiplication takes 4 bits of one operand at a time from a table of the other (twice as fast as any trick with
    integer multiplication that was measured); squaring reads the binary digits as base-4 digits.
    """

    def __init__(self, m: int, exponents: tuple[int, ...]) -> None:
        self.m = m
        self.exponents = exponents
        self.size = (m + 7) // 8
        self._apart = 16 * self.size
        self._low_product = (1 << self._apart) - 1
        self.modulus = 1 << m | 1
        for exponent in exponents:
            self.modulus |= 1 << exponent
        self.reduce = _reducer(m, exponents)

    def multiply(self, a: int, b: int) -> int:
        """a · b."""
        return self.reduce(self.product(a, b))

    def product(self, a: int, b: int) -> int:
        """a · b before reduction."""
        low, high = _multiples(a), _multiples(a << 4)
        digits = b.to_bytes(self.size, "big")
        result = 0
        for i, j in zip(digits.translate(_HIGH), digits.translate(_LOW), strict=False):
            result = result << 8 ^ high[i] ^ low[j]
        return result

    def multiply_two(self, a1: int, a2: int, b: int) -> tuple[int, int]:
        """a1 · b and a2 · b together, for little more than one: operations on longer integers hardly cost more."""
        both = self.product(a1 | a2 << self._apart, b)
        return self.reduce(both & self._low_product), self.reduce(both >> self._apart)

    def square(self, a: int) -> int:
        """a²."""
        return self.reduce(int(bin(a)[2:], 4))

    def invert(self, a: int) -> int:
        """1/a by the extended Euclidean algorithm; a must not be 0.

        A remainder stands above its cofactor in one integer: one shift and one addition for both.
        """
        place = self.m + 1
        u, v = a << place | 1, self.modulus << place
        u_size, v_size = u.bit_length(), v.bit_length()
        while u_size > place + 1:
            if u_size < v_size:
                u, v, u_size, v_size = v, u, v_size, u_size
            u ^= v << (u_size - v_size)
            u_size = u.bit_length()
        return self.reduce(u ^ 1 << place)

    def trace(self, a: int) -> int:
        """The trace of a, 0 or 1: a linear form, hence one mask."""
        return (a & self._trace_mask).bit_count() & 1

    @cached_property
    def _trace_mask(self) -> int:
        return sum(trace << k for k, trace in enumerate(self.traces(self.m)))

    def traces(self, count: int) -> list[int]:
        """The traces of 1, x, x² …: the power sums of the roots of the polynomial, by Newton's identities."""
        steps = [self.m - exponent for exponent in (*self.exponents, 0)]
        sums = [self.m & 1]
        for k in range(1, count):
            total = k & (k in steps)
            for step in steps:
                if step < k:
                    total ^= sums[k - step]
            sums.append(total)
        return sums

    def linear_map(self, images: list[int]) -> Callable[[int], int]:
        """A GF(2)-linear function, given by what it makes of 1, x, x² …: a table for each byte of the argument."""
        tables = []
        for position in range(0, self.m, 8):
            table = [0]
            for image in images[position : position + 8]:
                table += [entry ^ image for entry in table]
            tables.append(table)
        size = self.size

        def apply(a: int) -> int:
            result = 0
            for table, byte in zip(tables, a.to_bytes(size, "little"), strict=False):
                result ^= table[byte]
            return result

        return apply


def _multiples(a: int) -> tuple[int, ...]:
    """The products of a and all polynomials of four bits."""
    a2, a4, a8 = a << 1, a << 2, a << 3
    a3, a5, a6 = a2 ^ a, a4 ^ a, a4 ^ a2
    a7 = a6 ^ a
    return 0, a, a2, a3, a4, a5, a6, a7, a8, a8 ^ a, a8 ^ a2, a8 ^ a3, a8 ^ a4, a8 ^ a5, a8 ^ a6, a8 ^ a7


def _reducer(m: int, exponents: tuple[int, ...]) -> Callable[[int], int]:
    """The fastest reduction for the shape of the polynomial."""
    mask = (1 << m) - 1
    if len(exponents) == 1:
        k = exponents[0]

        def trinomial(c: int) -> int:
            while high := c >> m:
                c = c & mask ^ high ^ high << k
            return c

        return trinomial

    shifts = exponents

    def pentanomial(c: int) -> int:
        while high := c >> m:
            c = c & mask ^ high
            for k in shifts:
                c ^= high << k
        return c

    return pentanomial
