"""Halving points of a binary curve: for P of the order n the point Q of that order with 2Q = P, much cheaper than 2P.

E. Knudsen, "Elliptic scalar multiplication using point halving", ASIACRYPT 1999; K. Fong and others, "Field inversion
and point halving revisited", 2004. What doubling does with multiplications, halving does with square roots and
quadratic equations, and those are linear: look-ups in a table.
"""

from .errors import Unreadable
from .gf2m import Field
from .point import Point


class Halving:
    """Halves of points of y² + xy = x³ + ax² + b; a = 1 means that the curve has 2n points, a = 0 that it has 4n.

    With μ = u + v/u of Q = (u, v) and λ = x + y/x of P = (x, y): μ² + μ = x + a, and u² is t = x·(λ + x + μ) or t + x,
    depending on which of the two roots is μ. One of the two points is of the order n, the other one is not.
    """

    def __init__(self, field: Field, a: int) -> None:
        self.field, self.a = field, a
        self._width = 8 * field.size
        self._mask = (1 << self._width) - 1
        self._step = self._half_of_two if a else self._half_of_four
        # All that is linear in one table: the square root, a root of z² + z = c and, with a = 0, `_root_traces`.
        columns = [_square_roots(field), _quadratic_roots(field), *([] if a else [_root_traces(field)])]
        rows = zip(*columns, strict=True)
        self._images = field.linear_map([sum(part << self._width * i for i, part in enumerate(row)) for row in rows])

    def solve(self, c: int) -> int:
        """z with z² + z = c, when the trace of c is 0."""
        return self._images(c) >> self._width & self._mask

    def has_order(self, x: int, slope: int) -> bool:
        """Whether the point with slope y/x is of the order n: twice another one, with a = 0 four times another one."""
        f = self.field
        if not x or f.trace(x) != self.a:
            return False
        return bool(self.a) or not f.trace(f.multiply(x, slope ^ self.solve(x)))

    def halves(self, point: Point, count: int) -> list[Point]:
        """P, P/2, P/4 …; `Unreadable` when P is not of the order n."""
        f = self.field
        x, y = point
        slope = f.multiply(y, f.invert(x)) if x else 0
        if not self.has_order(x, slope):
            raise Unreadable("a point of another order")
        found = []
        slope, root = slope ^ x, self.solve(x ^ self.a)
        for _ in range(count):
            y, product = f.multiply_two(slope ^ x, root, x)
            found.append((x, y))
            x, slope, root = self._step(x, root, y ^ product)
        return found

    def _half_of_two(self, x: int, root: int, t: int) -> tuple[int, int, int]:
        """u, μ and the root for the next step when a = 1: u of trace 1, as every x of a point of the order n."""
        square, slope = (t, root ^ 1) if self.field.trace(t) else (t ^ x, root)
        images = self._images(square ^ 1)
        u = images & self._mask ^ 1
        # The root for c² is the square of that for c, hence the root for c is that for c² plus c.
        return u, slope, images >> self._width ^ u ^ 1

    def _half_of_four(self, x: int, root: int, t: int) -> tuple[int, int, int]:
        """The same when a = 0: both u have trace 0, and the half of the right one has trace 0 again."""
        square, slope = t ^ x, root
        images = self._images(square)
        solved = images >> self._width & self._mask
        if (images >> 2 * self._width & (slope ^ solved)).bit_count() & 1:
            square, slope = t, root ^ 1
            images = self._images(square)
            solved = images >> self._width & self._mask
        u = images & self._mask
        return u, slope, solved ^ u


def _square_roots(field: Field) -> list[int]:
    """The square roots of 1, x, x² …"""
    root_of_x = 2
    for _ in range(field.m - 1):
        root_of_x = field.square(root_of_x)
    return [field.reduce((root_of_x if i & 1 else 1) << i // 2) for i in range(field.m)]


def _quadratic_roots(field: Field) -> list[int]:
    """z for c = 1, x, x² … so that sums of them solve z² + z = c for every c of trace 0 (Gaussian elimination)."""
    rows: dict[int, tuple[int, int]] = {}
    for i in range(1, field.m):
        z = 1 << i
        c = field.square(z) ^ z
        while c and c.bit_length() in rows:
            known, root = rows[c.bit_length()]
            c, z = c ^ known, z ^ root
        if c:
            rows[c.bit_length()] = c, z
    roots: list[int] = []
    for i in range(field.m):
        c, z = rows.get(i + 1, (1 << i, 0))
        c ^= 1 << i
        while c:
            lowest = c & -c
            z ^= roots[lowest.bit_length() - 1]
            c ^= lowest
        roots.append(z)
    return roots


def _root_traces(field: Field) -> list[int]:
    """For c = 1, x, x² … the traces of √c, √c·x, √c·x² … as bits: those of c, c·x², c·x⁴ …"""
    bits = "".join(map(str, field.traces(3 * field.m)))
    return [int(bits[i : i + 2 * field.m : 2][::-1], 2) for i in range(field.m)]
