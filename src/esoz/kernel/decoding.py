"""JSON as typed structures; every fault is told at once, in the published words."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from .errors import BadRequest, Rejected, rejected
from .faults import MOST_FAULTS
from .members import Members, both, members_of, unknown_members
from .payload import UNREADABLE, converted, cut
from .validation import MISFIT, Schema

T = TypeVar("T")

_PLACE = re.compile(r" - at `\$(.*)`$")


class Nothing(msgspec.Struct, frozen=True):
    """The body of an operation that takes none."""


def decode(raw: bytes, shape: type[T], *, root: str = "$") -> T:
    """JSON bytes → a typed structure. Raises BadRequest, or Rejected with every fault of its shape."""
    try:
        _must_spell_decimals(lambda: msgspec.json.decode(raw), shape, root)
        return msgspec.json.decode(cut(raw), type=shape)
    except msgspec.ValidationError as fault:
        raise refusal(msgspec.json.decode(raw), shape, root, fault) from fault
    except UNREADABLE as fault:
        raise BadRequest("Malformed JSON") from fault


def convert(value: object, shape: type[T], *, root: str = "$", strict: bool = True) -> T:
    """A JSON value → a typed structure. Raises Rejected with every fault of its shape, as they stand below `root`."""
    try:
        if not strict:
            return msgspec.convert(value, shape, strict=False)
        _must_spell_decimals(lambda: value, shape, root)
        return converted(value, shape)
    except msgspec.ValidationError as fault:
        raise refusal(value, shape, root, fault) from fault


def read_signed(content: Mapping[str, Any], shape: type[T], published: Schema | None) -> T:
    """Signed content → a typed structure; numbers keep every digit.

    Raises Rejected with every fault of the published shape, with every member that nobody knows, or with every fault
    of our own shape.
    """
    if published is not None:
        published.check(content)
    must_be_known(content, shape, published)
    return decode(msgspec.json.encode(content), shape)


def must_be_known(value: object, shape: Any, published: Schema | None) -> None:
    """Raise Rejected naming every member that neither the publication nor the structure knows."""
    found = tuple(unknown_members(value, _known(shape, published)))
    if found:
        raise Rejected(invalid=found[:MOST_FAULTS])


def refusal(value: object, shape: Any, root: str, fault: msgspec.ValidationError) -> Rejected:
    """The faults that the schema of the shape finds; of what it cannot see, the place alone."""
    try:
        _schema(shape).check(value, root=root)
    except Rejected as refused:
        return refused
    place = _PLACE.search(str(fault))
    entry = root + (place[1] if place else "")
    if "RFC3339" in str(fault):
        return rejected(entry, "expected a valid date-time", rule="format", params=["date-time"])
    return rejected(entry, MISFIT, rule="schema")


@cache
def _known(shape: Any, published: Schema | None) -> Members:
    return both(published.members if published else None, members_of(_document(shape)))


def _must_spell_decimals(value: Callable[[], object], shape: Any, root: str) -> None:
    """Raise Rejected for a text in the place of a number: the decoder would take it, even "NaN"."""
    if _has_decimals(shape):
        _schema(shape).check(value(), root=root)


@cache
def _has_decimals(shape: Any) -> bool:
    return b'"format":"decimal"' in msgspec.json.encode(_document(shape))


@cache
def _schema(shape: Any) -> Schema:
    return Schema(_plain(_document(shape)), _no_dictionaries)


def _document(shape: Any) -> dict[str, Any]:
    return msgspec.json.schema(shape, schema_hook=lambda _kind: {"$comment": "any JSON value"})


def _no_dictionaries(_name: str) -> None:
    """Codes are looked up where the publication names their dictionary."""


def _plain(node: Any) -> Any:
    """The schema of a structure as publications are written: a number is a number, and what may be null is a kind."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "decimal":
        return {"type": "number"}
    choices = node.get("anyOf")
    if choices and len(choices) == 2 and {"type": "null"} in choices:
        (other,) = (_plain(each) for each in choices if each != {"type": "null"})
        if isinstance(other.get("type"), str):
            return {**other, "type": [other["type"], "null"]}
    return {name: _plain(value) for name, value in node.items()}
