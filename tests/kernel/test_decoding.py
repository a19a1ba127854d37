"""Typed structures out of JSON: every fault at its place, in published words, at once."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.kernel.decoding import convert, decode, must_be_known, read_signed
from esoz.kernel.errors import Invalid, Rejected
from esoz.kernel.members import members_of, unknown_members
from esoz.kernel.validation import Schema


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(msgspec.Struct, frozen=True):
    id: UUID
    day: date
    colour: Colour | None = None
    part: "Inner | None" = None


class Outer(msgspec.Struct, frozen=True):
    name: str
    amount: Decimal
    count: int
    inner: Inner
    many: tuple[Inner, ...] = ()
    sure: bool | None = None
    at: datetime | None = None
    free: Mapping[str, object] | None = None


RIGHT: dict[str, Any] = {
    "name": "a",
    "amount": 0.1,
    "count": 1,
    "inner": {"id": str(UUID(int=1)), "day": "2026-11-22"},
}


def told(refused: pytest.ExceptionInfo[Rejected]) -> list[tuple[str, str, str]]:
    return [(each.entry, each.rule, each.description) for each in refused.value.invalid]


def faults(value: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(Rejected) as refused:
        decode(msgspec.json.encode(value), Outer)
    return told(refused)


def test_right_then_read_with_every_digit() -> None:
    assert decode(msgspec.json.encode(RIGHT), Outer).amount == Decimal("0.1")


def test_nothing_given_then_each_missing_member_told() -> None:
    assert faults({}) == [
        (f"$.{name}", "required", f"required property {name} was not present")
        for name in ("name", "amount", "count", "inner")
    ]


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("sure", "yes", ("$.sure", "cast", "type mismatch. Expected boolean but got string")),
        ("name", None, ("$.name", "cast", "type mismatch. Expected string but got null")),
        ("name", 1, ("$.name", "cast", "type mismatch. Expected string but got integer")),
        ("count", 1.5, ("$.count", "cast", "type mismatch. Expected integer but got number")),
        ("count", True, ("$.count", "cast", "type mismatch. Expected integer but got boolean")),
        ("amount", "NaN", ("$.amount", "cast", "type mismatch. Expected number but got string")),
        ("amount", [], ("$.amount", "cast", "type mismatch. Expected number but got array")),
        ("inner", [], ("$.inner", "cast", "type mismatch. Expected object but got array")),
        ("free", 1, ("$.free", "cast", "type mismatch. Expected object but got integer")),
        ("at", "yesterday", ("$.at", "format", "expected a valid date-time")),
        (
            "inner",
            RIGHT["inner"] | {"colour": "green"},
            ("$.inner.colour", "inclusion", "value is not allowed in enum"),
        ),
        (
            "inner",
            RIGHT["inner"] | {"part": {"id": str(UUID(int=1))}},
            ("$.inner.part.day", "required", "required property day was not present"),
        ),
    ],
)
def test_wrong_member_then_told_in_published_words(member: str, value: Any, expected: tuple[str, str, str]) -> None:
    assert faults(RIGHT | {member: value}) == [expected]


def test_several_faults_at_several_depths_then_all_told() -> None:
    wrong = RIGHT | {"inner": {"id": "x", "day": "2026-02-30"}, "many": [RIGHT["inner"], {}], "count": "1"}
    assert {entry for entry, _, _ in faults(wrong)} == {
        "$.count",
        "$.inner.id",
        "$.inner.day",
        "$.many[1].id",
        "$.many[1].day",
    }


def test_value_below_a_root_then_its_place_begins_there() -> None:
    with pytest.raises(Rejected) as refused:
        convert({"id": 1}, Inner, root="$.conditions[2]")
    assert [each.entry for each in refused.value.invalid] == ["$.conditions[2].day", "$.conditions[2].id"]


PUBLISHED = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "free": {"type": "object", "properties": {"said": {"type": "string"}}},
        "list": {"type": "array", "items": {"$ref": "#/$defs/One"}},
        "either": {"anyOf": [{"$ref": "#/$defs/One"}, {"type": "null"}]},
        "open": {"type": "object"},
    },
    "$defs": {"One": {"type": "object", "properties": {"x": {"type": "string"}, "one": {"$ref": "#/$defs/One"}}}},
}


def unknown(value: Any) -> list[str]:
    with pytest.raises(Rejected) as refused:
        must_be_known(value, Outer, Schema(PUBLISHED, {}.get))
    assert {each.rule for each in refused.value.invalid} == {"schema"}
    return [each.entry for each in refused.value.invalid]


def test_unknown_members_then_each_refused_by_name() -> None:
    assert unknown(
        RIGHT
        | {
            "nobody": 1,
            "inner": RIGHT["inner"] | {"knows": 1},
            "many": [{}, {"x": 1}],
            "free": {"said": "a", "unsaid": "b"},
            "list": [{"x": "1"}, {"y": "1"}],
            "either": {"z": 1},
        }
    ) == [
        "$.inner.knows",
        "$.nobody",
        "$.many[1].x",
        "$.free.unsaid",
        "$.list[1].y",
        "$.either.z",
    ]


def test_members_published_or_carried_or_tolerated_then_let_pass() -> None:
    value = RIGHT | {"signed_content_encoding": "base64", "open": {"any": {"thing": 1}}, "sure": None}
    must_be_known(value | {"free": {"said": "a", "display_value": "b"}}, Outer, Schema(PUBLISHED, {}.get))


def test_place_of_which_nothing_is_said_then_anything_may_stand_there() -> None:
    assert list(unknown_members({"a": {"b": 1}}, members_of({"type": "object"}))) == []


def test_signed_content_then_published_shape_first_then_unknown_members_then_our_own_shape() -> None:
    published = Schema({"type": "object", "required": ["name"], "properties": {"name": {}}}, {}.get)
    for value, entry in (({}, "$.name"), ({"name": "a", "b": 1}, "$.b"), ({"name": 1}, "$.amount")):
        with pytest.raises(Rejected) as refused:
            read_signed(value, Outer, published)
        assert entry in {each.entry for each in refused.value.invalid}


def test_fault_that_only_the_structure_sees_then_its_place_is_told() -> None:
    class Small(msgspec.Struct, frozen=True):
        name: str

        def __post_init__(self) -> None:
            if len(self.name) > 3:
                raise ValueError("too long")

    with pytest.raises(Rejected) as refused:
        decode(b'{"name": "abcd"}', Small)
    assert refused.value.invalid == (Invalid("$", "schema", "value does not match the schema"),)
