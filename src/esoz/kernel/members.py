"""Members that nobody knows: what a body or a signed document says and no part of the system would ever read.

An unknown member is refused by name, for a misspelt dose that is dropped in silence harms somebody. Known is what is
published for a place, and what the structure that is read there carries. Where nothing is said of the members of a
place, they are taken as they are.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from .errors import Invalid

Members: TypeAlias = "Mapping[str, Members] | None"  # None: anything may stand there

# Real systems send these everywhere, whether or not they are published for the place, and nothing is lost with them.
TOLERATED = frozenset({"signed_content_encoding", "signed_data_encoding", "display", "display_value"})
NOT_ALLOWED = "schema does not allow additional properties"
_DEEPEST = 40


def members_of(schema: Mapping[str, Any] | None) -> Members:
    """The members that a JSON Schema names, place by place; those of lists are those of their items."""
    return None if schema is None else _members(schema, schema, ())


def both(one: Members, other: Members) -> Members:
    """What either of two descriptions of the same place knows; one that names nothing adds nothing."""
    if one is None or other is None:
        return other if one is None else one
    return {name: both(one.get(name), other.get(name)) for name in (*one, *(each for each in other if each not in one))}


def unknown_members(value: object, known: Members, entry: str = "$") -> Iterator[Invalid]:
    """A fault for each member that is not known."""
    if known is None:
        return
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from unknown_members(each, known, f"{entry}[{number}]")
    elif isinstance(value, dict):
        for name, each in value.items():
            if name in known:
                if isinstance(each, dict | list):
                    yield from unknown_members(each, known[name], f"{entry}.{name}")
            elif name not in TOLERATED:
                yield Invalid(f"{entry}.{name}", "schema", NOT_ALLOWED)


def _members(schema: Mapping[str, Any], root: Mapping[str, Any], passed: tuple[str, ...]) -> Members:
    reference = schema.get("$ref")
    if reference is not None:
        if reference in passed or len(passed) > _DEEPEST:
            return None
        return _members(root["$defs"][reference.rsplit("/", 1)[1]], root, (*passed, reference))
    if "items" in schema and isinstance(schema["items"], dict):
        return _members(schema["items"], root, passed)
    found: Members = None
    if "properties" in schema:
        found = {name: _members(each, root, passed) for name, each in schema["properties"].items()}
    for choice in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(choice, ()):
            found = both(found, _members(each, root, passed))
    return found
