"""Numbers too small to be told, and those beside them that would tell them."""

import pytest

from esoz.central.statistics.model import ALL, hidden


# ST-1, ST-2
@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((0, 5, 40), ""),
        ((3, 40, 50), "ab"),
        ((2, 2, 50), "abc"),
        ((3, 3, 50), "ab"),
        ((4, 0, 0), "at"),
    ],
)
def test_small_number_then_hidden_with_as_many_others_as_it_takes(numbers: tuple[int, ...], expected: str) -> None:
    table = {(name, ALL): value for name, value in zip("abc", numbers, strict=True)} | {(ALL, ALL): sum(numbers)}
    assert hidden(table, 5) == {(ALL if name == "t" else name, ALL) for name in expected}


# ST-3
def test_hidden_elsewhere_then_here_too() -> None:
    table = {("a", ALL): 30, ("b", ALL): 40, ("c", ALL): 50, (ALL, ALL): 120}
    assert hidden(table, 5, [("b", ALL)]) == {("b", ALL), ("a", ALL)}
