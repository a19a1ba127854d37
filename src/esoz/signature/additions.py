"""Sums of many points of a binary curve: the additions of one step share one inversion (P. Montgomery, 1987)."""

from collections.abc import Mapping, Sequence

from .gf2m import Field
from .point import Point


def sums(field: Field, a: int, groups: Mapping[int, Sequence[Point]]) -> dict[int, Point]:
    """The sum of each group of points of an odd order; none for a group whose sum is the point at infinity.

    Every step adds the points of all groups in pairs.
    """
    left = {name: list(points) for name, points in groups.items()}
    while any(len(points) > 1 for points in left.values()):
        pairs = [pair for points in left.values() for pair in zip(points[::2], points[1::2], strict=False)]
        added = iter(_add_pairs(field, a, pairs))
        for name, points in left.items():
            found = [next(added) for _ in range(len(points) // 2)]
            single = points[-1:] if len(points) % 2 else []
            left[name] = [point for point in found if point is not None] + single
    return {name: points[0] for name, points in left.items() if points}


def _add_pairs(field: Field, a: int, pairs: Sequence[tuple[Point, Point]]) -> list[Point | None]:
    """The sum of each pair, None for the point at infinity."""
    steps = []
    running = 1
    for (x1, y1), (x2, y2) in pairs:
        run, rise = x1 ^ x2, y1 ^ y2
        if not run:
            # Equal points are doubled by the tangent; opposite ones have no sum, and 1 spoils nothing.
            run, rise = (1, 0) if rise else (x1, y1 ^ field.square(x1))
        product, scaled = field.multiply_two(run, rise, running)
        steps.append((run, scaled))
        running = product
    inverse = field.invert(running)
    found: list[Point | None] = []
    for ((x1, y1), (x2, y2)), (run, scaled) in zip(reversed(pairs), reversed(steps), strict=True):
        slope, inverse = field.multiply_two(scaled, run, inverse)
        x3 = field.square(slope) ^ slope ^ x1 ^ x2 ^ a
        is_infinite = x1 == x2 and y1 != y2
        found.append(None if is_infinite else (x3, field.multiply(slope, x1 ^ x3) ^ x3 ^ y1))
    return found[::-1]
