"""Parameters of a request as typed structures: every fault told at once, by name, in one order."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
import pytest

from esoz.kernel.db import Page
from esoz.kernel.decoding import Nothing
from esoz.kernel.errors import Rejected
from esoz.kernel.query import page_of, read_query

NUL = "\0"


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Filter(msgspec.Struct, frozen=True):
    first_name: str
    born: date
    id: UUID | None = None
    colour: Colour | None = None
    active: bool | None = None
    year: int | None = None


class OwnPage(msgspec.Struct, frozen=True):
    page: str


RIGHT = [("first_name", "А"), ("born", "2026-11-22")]
WITHOUT = [("$.first_name", "required"), ("$.born", "required")]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], WITHOUT),
        ([("first_name", "А"), ("born", "x")], [("$.born", "date")]),
        ([*RIGHT, ("id", "1")], [("$.id", "format")]),
        ([*RIGHT, ("colour", "green")], [("$.colour", "inclusion")]),
        ([*RIGHT, ("active", "perhaps")], [("$.active", "cast")]),
        ([*RIGHT, ("year", "1.5")], [("$.year", "cast")]),
        ([("active", "x"), ("nobody", "1")], [("$.nobody", "schema"), *WITHOUT, ("$.active", "cast")]),
        ([*RIGHT, ("page", "0")], [("$.page", "number")]),
        ([*RIGHT, ("page", "1000001"), ("page_size", "ten")], [("$.page", "number"), ("$.page_size", "number")]),
        ([*RIGHT, ("year", "7"), ("year", "8")], [("$.year", "unique")]),
        ([*RIGHT, ("page", "1"), ("page", "2")], [("$.page", "unique")]),
        ([*RIGHT, ("colour", f"re{NUL}d")], [("$.colour", "format")]),
        ([*RIGHT, ("first_name", f"А{NUL}")], [("$.first_name", "unique"), ("$.first_name", "format")]),
        ([*RIGHT, (f"a{NUL}", "1"), ("", "2")], [("$", "schema"), ("$", "schema")]),
        (
            [("page_size", "0"), ("year", "x"), ("zz", "1"), ("page", "-"), ("aa", "1"), ("year", "y"), ("id", "?")],
            [
                ("$.year", "unique"),
                ("$.aa", "schema"),
                ("$.zz", "schema"),
                *WITHOUT,
                ("$.id", "format"),
                ("$.year", "cast"),
                ("$.page", "number"),
                ("$.page_size", "number"),
            ],
        ),
    ],
)
def test_wrong_parameters_then_all_told_as_parameters(
    given: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Rejected) as refused:
        read_query(given, Filter)
    assert [(each.entry, each.rule) for each in refused.value.invalid] == expected
    assert {each.entry_type for each in refused.value.invalid} == {"query_parameter"}
    assert not [each for each in refused.value.invalid if "`" in each.description]


def test_right_parameters_then_typed_and_the_page_is_read_apart() -> None:
    given = [*RIGHT, ("active", "true"), ("year", "7"), ("page", "2"), ("page_size", "900")]
    assert read_query(given, Filter) == Filter("А", date(2026, 11, 22), active=True, year=7)
    assert page_of(given, limit=300) == Page(2, 300)
    assert page_of(RIGHT, limit=300) == Page(1, 50)


def test_copy_of_a_parameter_then_it_says_nothing_else() -> None:
    assert read_query([*RIGHT, *RIGHT, ("page", "3"), ("page", "3")], Filter) == Filter("А", date(2026, 11, 22))


def test_page_when_the_structure_means_its_own_then_it_is_no_number() -> None:
    assert read_query([("page", "abc")], OwnPage) == OwnPage("abc")


def test_no_filters_then_every_name_but_the_page_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        read_query([("page", "1"), ("first_name", "А")], Nothing)
    assert [each.entry for each in refused.value.invalid] == ["$.first_name"]
