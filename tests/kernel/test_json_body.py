"""JSON of strangers: what no database, calendar or other reader can hold is refused with its place."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esoz.kernel.errors import BadRequest, Rejected
from esoz.kernel.json_body import LARGEST, MOST_DEPTH, NO_DAY, NO_NUMBER, NO_TEXT, read_json


def told(raw: bytes) -> list[tuple[str, str, str]]:
    with pytest.raises(Rejected) as refused:
        read_json(raw)
    return [(each.entry, each.rule, each.description) for each in refused.value.invalid]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b'{"a": "\xff"}',
        b'"\\ud800"',
        b'{"a": ["\\udfff x"]}',
        b'{"\\ud800": 1}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * (MOST_DEPTH + 1) + b"]" * (MOST_DEPTH + 1),
        '{"name": "Андрій"}'.encode("windows-1251"),
        '{"name": "Андрій"}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
    ],
)
def test_bytes_that_are_no_json_then_bad_request(raw: bytes) -> None:
    with pytest.raises(BadRequest):
        read_json(raw)


@pytest.mark.parametrize("number", ["1e20", "1e400", "-1e400", "1" + "0" * 400, str(LARGEST + 1), f"-{LARGEST + 1}"])
def test_number_beyond_what_all_readers_share_then_told_at_its_place(number: str) -> None:
    assert told(b'{"a": [{"b": %s}]}' % number.encode()) == [("$.a[0].b", "number", NO_NUMBER)]


@pytest.mark.parametrize("number", ["0", "-0", "1e-400", str(LARGEST), f"-{LARGEST}", "0.1", "1e15"])
def test_number_that_all_readers_share_then_read(number: str) -> None:
    assert read_json(number.encode()) == float(number)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_day_at_the_ends_of_the_calendar_then_told_at_its_place(day: str) -> None:
    assert told(b'{"period": {"end": "%s"}}' % day.encode()) == [("$.period.end", "format", NO_DAY)]


def test_several_faults_then_all_told_at_once() -> None:
    raw = b'{"a": "\\u0000", "b": ["x", "y\\u0000"], "c": 1e30, "d\\u0000": 1, "e": true, "f": null}'
    assert told(raw) == [
        ("$.a", "format", NO_TEXT),
        ("$.b[1]", "format", NO_TEXT),
        ("$.c", "number", NO_NUMBER),
        ("$", "format", NO_TEXT),
    ]


@given(st.binary())
def test_any_bytes_then_a_value_or_a_refusal(raw: bytes) -> None:
    with suppress(BadRequest, Rejected):
        read_json(raw)
