"""Charts of the statistics, drawn on the server: bars that need no script and scale with the page."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM = 720, 260, 56, 26
MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in the units of the drawing; `kind` says which of the two numbers it shows."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A word below a group of bars, or a number beside a line."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Groups of bars, one group for each part of a period."""

    bars: Sequence[Bar]
    below: Sequence[Tick]
    beside: Sequence[Tick]


def chart(labels: Sequence[str], kinds: Sequence[str], values: Sequence[Sequence[int | None]]) -> Chart | None:
    """`values` of each label, by kind; hidden ones leave a gap. None when there is nothing to compare."""
    known = [value for each in values for value in each if value]
    if len(labels) < 2 or not known:
        return None
    top = _round_up(max(known))
    across, up = (WIDTH - LEFT) / len(labels), HEIGHT - BOTTOM - 10
    wide = across * 0.8 / len(kinds)
    bars = [
        Bar(
            kind,
            x=round(LEFT + across * (place + 0.1) + wide * number, 1),
            y=round(10 + up - up * value / top, 1),
            width=round(wide, 1),
            height=round(up * value / top, 1),
        )
        for place, each in enumerate(values)
        for number, (kind, value) in enumerate(zip(kinds, each, strict=True))
        if value
    ]
    every = -(-len(labels) // MOST_LABELS)
    below = [
        Tick(label, round(LEFT + across * (place + 0.5), 1), HEIGHT - 6)
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    marks = sorted({0, top // 2, top})
    return Chart(bars, below, [Tick(str(mark), LEFT - 6, round(10 + up - up * mark / top, 1)) for mark in marks])


def _round_up(value: int) -> int:
    """To one or two figures, even: a scale that is easily read."""
    step = max(2, int("5" + "0" * (len(str(value)) - 2))) if value > 9 else 2
    return -(-value // step) * step
