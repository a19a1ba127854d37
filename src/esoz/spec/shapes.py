"""The published shapes of bodies: JSON Schema 2020-12, each complete with the definitions it needs.

Keywords of our own, kept for the checker of bodies and for documentation:
`x-dictionary`: the string is a code of this dictionary;
`x-coding`: the object is a pair of `system` and `code`; the system is one of these dictionaries;
`x-resource`: the code names one of these kinds of record.
Returned schemas are shared: whoever changes one must copy it first.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

import msgspec

from .files import json_document
from .operations import operation

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# A phone number in the international form of Ukraine, as every published sample has it.
PHONE = r"^\+380\d{9}$"
_PREFIX = "#/$defs/"


class Parameter(msgspec.Struct, frozen=True, kw_only=True, rename={"dictionary": "x-dictionary"}):
    """One path or query parameter; `format` is "uuid", "date" or None."""

    name: str
    type: str = "string"
    required: bool = False
    format: str | None = None
    enum: tuple[str, ...] = ()
    dictionary: str | None = None


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What the client signs.

    `fields`: where the signed bytes stand in the body. `parts`: places of the signed document that have a schema,
    "$" is the document, "$.conditions[]" an item of its list. `given_operation` and `given_path`: the answer whose
    content must be signed as it is, when the server supplies it.
    """

    fields: tuple[str, ...]
    parts: tuple[str, ...] = ()
    given_operation: str | None = None
    given_path: str | None = None


@cache
def request_schema(id: str) -> Schema | None:
    """Return the schema of the request body, None when the operation has no body."""
    body = _shapes(id).get("request")
    return None if body is None else _complete(body, phone=True)


@cache
def response_schema(id: str, status: int) -> Schema | None:
    """Return the schema of the answer with this status, None when none is published."""
    body = _shapes(id).get("responses", {}).get(str(status))
    return None if body is None else _complete(body, phone=False)


def response_statuses(id: str) -> tuple[int, ...]:
    """Return the statuses whose answers have a published shape."""
    return tuple(int(status) for status in _shapes(id).get("responses", {}))


@cache
def signed_schema(id: str, part: str = "$") -> Schema | None:
    """Return the schema of the signed document or of one part of it, None when none is published."""
    body = _shapes(id).get("signed", {}).get("parts", {}).get(part)
    return None if body is None else _complete(body, phone=False)


@cache
def signed(id: str) -> Signed | None:
    """Return what is signed, None when the operation needs no signature."""
    found = _shapes(id).get("signed")
    if found is None:
        return None
    given = found.get("given_by", {})
    return Signed(
        fields=tuple(found["fields"]),
        parts=tuple(found.get("parts", {})),
        given_operation=given.get("operation"),
        given_path=given.get("path"),
    )


@cache
def query_parameters(id: str) -> tuple[Parameter, ...]:
    """Return the published query parameters."""
    return msgspec.convert(_shapes(id).get("query", []), tuple[Parameter, ...])


@cache
def path_parameters(id: str) -> tuple[Parameter, ...]:
    """Return the variables of the path."""
    return msgspec.convert(_shapes(id).get("path", []), tuple[Parameter, ...])


def _shapes(id: str) -> Schema:
    shapes: Schema = _area(operation(id).area)[id]
    return shapes


@cache
def _area(area: str) -> Schema:
    document: Schema = json_document("shapes", f"{area}.json")
    return document


@cache
def _definitions() -> Schema:
    document: Schema = json_document("shapes", "_defs.json")
    return document


def _complete(body: Schema, *, phone: bool) -> Schema:
    definitions = {name: _rendered(_definitions()[name], phone=phone) for name in _reachable(body)}
    whole: Schema = {"$schema": DIALECT, **_rendered(body, phone=phone)}
    return whole | {"$defs": definitions} if definitions else whole


def _reachable(body: Schema) -> list[str]:
    wanted, found = set(_references(body)), set[str]()
    while wanted:
        name = wanted.pop()
        found.add(name)
        wanted.update(set(_references(_definitions()[name])) - found)
    return sorted(found)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.removeprefix(_PREFIX)
        for each in node.values():
            yield from _references(each)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _rendered(schema: Schema, *, phone: bool) -> Schema:
    """Turn the compact keywords of the files into standard ones."""
    whole = {key: _inside(key, value, phone=phone) for key, value in schema.items()}
    if whole.get("format") == "phone":
        del whole["format"]
        if phone:  # answers and signed copies of answers carry masked numbers
            whole["pattern"] = PHONE
    if choices := whole.pop("x-one-of", None):
        whole["dependentSchemas"] = _at_most_one(choices)
    return whole


def _inside(key: str, value: Any, *, phone: bool) -> Any:
    if key == "properties":
        return {name: _rendered(each, phone=phone) for name, each in value.items()}
    if key == "items":
        return _rendered(value, phone=phone)
    if key in {"anyOf", "allOf"}:
        return [_rendered(each, phone=phone) for each in value]
    return value


def _at_most_one(choices: list[list[str]]) -> Schema:
    """Of each list of properties only one may be there; the fault is reported at the one too many."""
    found: dict[str, Schema] = {}
    for names in choices:
        for place, name in enumerate(names):
            for other in names[place + 1 :]:
                found.setdefault(name, {"properties": {}})["properties"][other] = False
    return found
