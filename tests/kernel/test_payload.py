"""Small shapes of JSON: empty fields are dropped at every depth, and nothing else."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esoz.kernel.decoding import decode
from esoz.kernel.payload import converted, cut, cut_text, number, omit_none, without_nulls

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


class Moment(msgspec.Struct):
    """A shape with a moment."""

    at: datetime


class TestFineMoments:
    """Digits of a second beyond microseconds are cut off: rounded, they would move the day."""

    @pytest.mark.parametrize("digits", ["9999999", "9999995", "999999999", "9999990"])
    @pytest.mark.parametrize("zone", ["Z", "+02:00", "-11:30"])
    def test_moment_at_the_end_of_a_day_then_it_stays_in_it(self, digits: str, zone: str) -> None:
        text = f"2026-11-30T23:59:59.{digits}{zone}"
        expected = datetime.fromisoformat(f"2026-11-30T23:59:59.999999{zone.replace('Z', '+00:00')}")
        body = json.dumps({"at": text}).encode()
        assert decode(body, Moment).at == converted({"at": text}, Moment).at == expected
        assert datetime.fromisoformat(cut_text(text).replace("Z", "+00:00")) == expected

    @pytest.mark.parametrize(
        "text", ["2026-11-30T23:59:59.999999Z", "2026-11-30T23:59:59Z", "2026-11-30", "1.23456789"]
    )
    def test_what_is_not_so_fine_then_as_it_was(self, text: str) -> None:
        body = json.dumps({"at": text}).encode()
        assert (cut(body), cut_text(text)) == (body, text)
