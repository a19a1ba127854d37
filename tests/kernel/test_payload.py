"""Small shapes of JSON: empty fields are dropped at every depth, and nothing else."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from esoz.kernel.payload import number, omit_none, without_nulls

LEAVES = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(LEAVES, lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts), max_leaves=20)


def plainly(node: Any) -> Any:
    """The same said in the shortest way."""
    if isinstance(node, dict):
        return {name: plainly(value) for name, value in node.items() if value is not None}
    return [plainly(value) for value in node] if isinstance(node, list | tuple) else node


@given(JSON)
def test_nulls_of_any_value_then_dropped_from_objects_and_kept_in_lists(node: object) -> None:
    assert without_nulls(node) == plainly(node)


def test_nulls_below_a_tuple_then_dropped_and_the_tuple_is_a_list() -> None:
    assert without_nulls({"a": ({"b": None, "c": (None, 0)}, None), "d": ""}) == {
        "a": [{"c": [None, 0]}, None],
        "d": "",
    }


def test_none_then_omitted_from_both_and_other_empty_values_stay() -> None:
    assert omit_none({"a": None, "b": 0}, c="", d=None) == {"b": 0, "c": ""}


def test_number_then_whole_without_a_point() -> None:
    assert (number(Decimal("2.000")), number(Decimal("2.50")), number(None)) == (2, 2.5, None)
