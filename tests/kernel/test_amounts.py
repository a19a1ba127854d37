"""Quantities and money: what programs reckon in floating point is the number that they meant; nothing else is."""

from decimal import Decimal

import pytest

from esoz.kernel.amounts import LARGEST, MONEY, amount_faults, rounded


@pytest.mark.parametrize("part", [0.1, 0.3, 0.8, 2.5, 3.3, 1.1])
def test_sums_and_rests_of_floats_then_the_parts_that_were_meant(part: float) -> None:
    for parts in range(1, 400):
        whole = sum([part] * parts)
        exact = Decimal(str(part)) * parts
        assert rounded(Decimal(repr(whole))) == exact
        assert rounded(Decimal(repr(whole - part))) == exact - Decimal(str(part))


@pytest.mark.parametrize(
    ("value", "expected"), [("0.00005", "0.0001"), ("0.00004", "0"), ("2.4000000000000004", "2.4"), ("1e-400", "0")]
)
def test_small_difference_then_none(value: str, expected: str) -> None:
    assert rounded(Decimal(value)) == Decimal(expected)


def test_money_then_to_a_kopek() -> None:
    assert rounded(Decimal("10.005"), MONEY) == Decimal("10.01")


@pytest.mark.parametrize("value", ["-1", "-0.0001", "1e20", "1e400", "-1e400", "NaN", "Infinity", str(LARGEST + 1)])
def test_impossible_amount_then_told_at_its_entry(value: str) -> None:
    (found,) = amount_faults("$.a", Decimal(value))
    assert (found.entry, found.rule) == ("$.a", "number")


@pytest.mark.parametrize("value", ["0", "1e-400", "0.00004", "-0"])
def test_nothing_of_a_unit_then_told_where_something_must_be(value: str) -> None:
    assert list(amount_faults("$.a", Decimal(value))) == []
    assert [each.description for each in amount_faults("$.a", Decimal(value), may_be_zero=False)] == [
        "must be greater than 0"
    ]
